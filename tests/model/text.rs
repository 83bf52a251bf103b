//! Names, addresses and domains (3, 9, 14).

/// The trimmed name, where it is one.
pub(crate) fn read_name(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(char::is_whitespace);
    let good = !trimmed.is_empty()
        && trimmed.chars().count() <= 64
        && !trimmed.chars().any(char::is_control);
    good.then(|| trimmed.to_owned())
}

/// The form by which names are unique.
pub(crate) fn fold_name(name: &str) -> String {
    let words: Vec<&str> = name
        .split(char::is_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").to_ascii_lowercase()
}

/// The trimmed address, where it is one.
pub(crate) fn read_address(text: &str) -> Option<String> {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\x0c', '\r']);
    let parts: Vec<&str> = trimmed.split('@').collect();
    if parts.len() != 2 {
        return None;
    }
    let (local, domain) = (parts[0], parts[1]);
    let visible = |character: char| character > ' ' && character < '\x7f' && character != '"';
    let good = trimmed.is_ascii()
        && trimmed.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(visible)
        && is_domain(domain);
    good.then(|| trimmed.to_owned())
}

/// The folded pattern, where it is one.
pub(crate) fn read_domain_pattern(text: &str) -> Option<String> {
    let domain = text.strip_prefix("*.").unwrap_or(text);
    is_domain(domain).then(|| text.to_ascii_lowercase())
}

fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    labels.len() >= 2 && labels.into_iter().all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether two addresses are the same but for ASCII case.
pub(crate) fn same_address(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether the domain of an address is one that a pattern stands for.
pub(crate) fn domain_matches(pattern: &str, address: &str) -> bool {
    let domain = address.split('@').nth(1).unwrap_or("").to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(parent) => domain.ends_with(&format!(".{parent}")),
        None => domain == pattern,
    }
}
