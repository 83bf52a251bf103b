//! Refusals: the code and the facts.

use rolebook::PermissionSet;

/// A refusal of the model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) facts: Facts,
}

/// What a refusal says beside its code.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) excess: PermissionSet,
    /// The scope is beyond the actor's.
    pub(crate) scope: bool,
    pub(crate) missing: PermissionSet,
    /// Users, groups and open invitations of `role_in_use`.
    pub(crate) counts: Option<(u64, u64, u64)>,
}

/// Carried out, or refused.
pub(crate) type Verdict = Result<(), Refused>;

/// A refusal without facts.
pub(crate) fn refuse<T>(code: &'static str) -> Result<T, Refused> {
    refuse_with(code, Facts::default())
}

/// A refusal with facts.
pub(crate) fn refuse_with<T>(code: &'static str, facts: Facts) -> Result<T, Refused> {
    Err(Refused { code, facts })
}

/// Refuses where the condition holds.
pub(crate) fn refuse_if(condition: bool, code: &'static str) -> Verdict {
    if condition { refuse(code) } else { Ok(()) }
}

/// Refuses where permissions are beyond what is allowed.
pub(crate) fn refuse_excess(excess: PermissionSet, code: &'static str) -> Verdict {
    if excess.is_empty() {
        return Ok(());
    }
    let facts = Facts {
        excess,
        ..Facts::default()
    };
    refuse_with(code, facts)
}
