//! Looks: questions to the state and what they must answer.

use std::collections::BTreeMap;

use super::super::format_error::FormatError;
use super::super::json::Json;
use super::super::names::Names;
use super::super::step::{Changes, Listing, Look, Order, Question, Table, Verdict};
use super::command::{order, sign_in};
use super::fields::{Fields, Read};
use super::value::{
    code, id, list, name, only, permission, permission_name, permissions, resource, resource_name,
    subject, text, word,
};
use crate::id::{GroupId, InvitationId, RoleId, UserId};
use crate::permission::PermissionSet;
use crate::review::FindingCode;

const LOOKS: [&str; 15] = [
    "check",
    "effective",
    "resources_for",
    "users_for",
    "members",
    "invitations",
    "grants",
    "restrictions",
    "groups_of",
    "roles_of",
    "preview",
    "restore",
    "explain",
    "visible",
    "review",
];

/// The look of a step that has no `do`.
pub(super) fn look(fields: &mut Fields<'_>) -> Read<Look> {
    let Some(key) = LOOKS.into_iter().find(|key| fields.has(key)) else {
        return Err(fields.missing("do"));
    };
    match key {
        "check" => check(fields),
        "grants" => table(fields, "grants", Table::Grants),
        "restrictions" => table(fields, "restrictions", Table::Restrictions),
        "preview" => preview(fields),
        "restore" => {
            fields.required("restore", only(true))?;
            Ok(Look::Restore)
        }
        "explain" => explain(fields),
        "review" => {
            fields.required("review", only(true))?;
            let expect = fields.required("codes", list(finding_code))?;
            let listing = Listing::ReviewCodes;
            Ok(Look::Listing { listing, expect })
        }
        _ => listing(fields, key),
    }
}

/// `sources`, `remedies`, or both.
fn explain(fields: &mut Fields<'_>) -> Read<Look> {
    let permission = fields.required("explain", permission)?;
    let on = fields.required("on", resource)?;
    let sign_in = sign_in(fields, "user")?;
    let question = Question {
        sign_in,
        permission,
        on,
    };
    let mut looks = Vec::new();
    let kinds = [
        ("sources", Listing::Sources(question)),
        ("remedies", Listing::Remedies(question)),
    ];
    for (key, listing) in kinds {
        if let Some(expect) = fields.optional(key, list(text))? {
            looks.push(Look::Listing { listing, expect });
        }
    }
    if looks.is_empty() {
        return Err(fields.missing("sources"));
    }
    Ok(Look::Every(looks))
}

/// The stable name of a kind of finding.
fn finding_code(value: Json, names: &mut Names) -> Read<String> {
    word::<FindingCode>(value, names).map(|code| code.name().to_owned())
}

fn check(fields: &mut Fields<'_>) -> Read<Look> {
    let permissions = fields.required("check", one_or_many)?;
    let on = fields.required("on", resource)?;
    let sign_in = sign_in(fields, "user")?;
    let expect = fields.required("expect", text)?;
    let expect = match expect.as_str() {
        "allow" => Verdict::Allow(fields.optional("because", word)?),
        "deny" => Verdict::Deny(fields.optional("because", word)?),
        other => {
            let found = format!("{other:?}");
            return Err(FormatError::unexpected("allow or deny", found).within("expect"));
        }
    };
    Ok(Look::Check {
        sign_in,
        permissions,
        on,
        expect,
    })
}

fn one_or_many(value: Json, names: &mut Names) -> Read<PermissionSet> {
    match value {
        Json::List(_) => permissions(value, names),
        one => permission(one, names).map(PermissionSet::from),
    }
}

fn listing(fields: &mut Fields<'_>, key: &str) -> Read<Look> {
    let expect = |fields: &mut Fields<'_>, read: fn(Json, &mut Names) -> Read<String>| {
        fields.required("expect", list::<_, Vec<String>>(read))
    };
    let (listing, expect) = match key {
        "effective" => (
            Listing::Effective {
                sign_in: sign_in(fields, "effective")?,
                on: fields.required("on", resource)?,
            },
            expect(fields, permission_name)?,
        ),
        "resources_for" => (
            Listing::ResourcesFor {
                sign_in: sign_in(fields, "resources_for")?,
                permission: fields.required("permission", permission)?,
            },
            expect(fields, resource_name)?,
        ),
        "users_for" => (
            Listing::UsersFor {
                permission: fields.required("users_for", permission)?,
                on: fields.required("on", resource)?,
            },
            expect(fields, name::<UserId>)?,
        ),
        "members" => (
            Listing::Members(fields.required("members", all_or)?),
            expect(fields, name::<UserId>)?,
        ),
        "invitations" => (
            Listing::Invitations(fields.required("invitations", all_or)?),
            expect(fields, name::<InvitationId>)?,
        ),
        "visible" => (
            Listing::Visible(sign_in(fields, "visible")?),
            expect(fields, resource_name)?,
        ),
        "groups_of" => (
            Listing::GroupsOf(fields.required("groups_of", id)?),
            expect(fields, name::<GroupId>)?,
        ),
        _ => (
            Listing::RolesOf(fields.required("roles_of", id)?),
            expect(fields, name::<RoleId>)?,
        ),
    };
    Ok(Look::Listing { listing, expect })
}

/// `all`, or a word of the library.
fn all_or<T: for<'de> serde::Deserialize<'de>>(value: Json, names: &mut Names) -> Read<Option<T>> {
    match value {
        Json::Text(word) if word == "all" => Ok(None),
        other => word(other, names)
            .map(Some)
            .map_err(|error| error.or("all")),
    }
}

fn table(fields: &mut Fields<'_>, key: &str, table: Table) -> Read<Look> {
    let row = |on: &str, value, names: &mut Names| {
        names.learn_resource(on)?;
        Ok((on.to_owned(), list(permission_name)(value, names)?))
    };
    let rows = |value, names: &mut Names| Fields::of(value, names)?.rest(row);
    let subject = fields.required(key, subject)?;
    let expect: BTreeMap<_, _> = fields.required("expect", rows)?.into_iter().collect();
    Ok(Look::Table {
        table,
        subject,
        expect,
    })
}

fn preview(fields: &mut Fields<'_>) -> Read<Look> {
    let order = fields.required("preview", whole_order)?;
    let expect = match fields.optional("refused", code)? {
        Some(code) => {
            fields.refuse_beside("refused", &["gained", "lost"])?;
            Err(code)
        }
        None => Ok(Changes {
            gained: fields.required("gained", list(change))?,
            lost: fields.required("lost", list(change))?,
        }),
    };
    Ok(Look::Preview { order, expect })
}

fn whole_order(value: Json, names: &mut Names) -> Read<Order> {
    let mut fields = Fields::of(value, names)?;
    let order = order(&mut fields)?;
    fields.finish()?;
    Ok(order)
}

/// `[user, resource, permission]`.
fn change(value: Json, names: &mut Names) -> Read<[String; 3]> {
    let expected = "[user, resource, permission]";
    let Json::List(items) = value else {
        return Err(FormatError::unexpected(expected, value));
    };
    let found = items.len();
    let wrong_length = |_| FormatError::unexpected(expected, format_args!("a list of {found}"));
    let [user, on, one] = <[Json; 3]>::try_from(items).map_err(wrong_length)?;
    let within = |place: &'static str| move |error: FormatError| error.within(place);
    Ok([
        name::<UserId>(user, names).map_err(within("[0]"))?,
        resource_name(on, names).map_err(within("[1]"))?,
        permission_name(one, names).map_err(within("[2]"))?,
    ])
}
