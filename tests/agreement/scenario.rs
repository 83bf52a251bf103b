//! Scenario files, carried out by the model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use rolebook::{
    Actor, Affiliation, Command, GrantRequest, GroupId, InvitationId, InvitationRequest, ModelId,
    PermissionSet, Resource, RoleDefinition, RoleId, Scope, SignIn, SignInProof, Subject,
    Timestamp, Token, UserId,
};
use serde_json::{Value, json};

use crate::model::{Look, Model, Outcome, Refused, Status};

/// 2026-01-05T09:00:00Z.
const START: u64 = 1_767_603_600;

/// What each level adds, lowest first.
const LEVELS: [(&str, &str, &[&str]); 12] = [
    ("model", "view", &["read"]),
    ("model", "comment", &[]),
    ("model", "edit", &["update", "version_create", "import_db"]),
    ("model", "manage", &["delete", "users_update"]),
    ("version", "view", &["read", "comment_read"]),
    ("version", "comment", &["comment_create", "users_read"]),
    (
        "version",
        "edit",
        &["update", "comment_update", "export_read", "export_manage"],
    ),
    ("version", "manage", &["delete", "comment_delete"]),
    ("framework", "view", &["read", "comment_read"]),
    ("framework", "comment", &["comment_create"]),
    ("framework", "edit", &["update", "comment_update"]),
    ("framework", "manage", &["delete", "comment_delete"]),
];

/// The names of a file; an id is the place of its name, counted from one.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn id(&mut self, name: &str) -> u128 {
        let place = self.0.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        place as u128 + 1
    }

    fn name(&self, id: u128) -> String {
        self.0[usize::try_from(id).unwrap() - 1].clone()
    }

    fn role(&mut self, name: &str) -> RoleId {
        match name {
            "admin" => RoleId::ADMIN,
            "data_architect" => RoleId::DATA_ARCHITECT,
            "reviewer" => RoleId::REVIEWER,
            _ => RoleId::new(self.id(name)),
        }
    }

    fn role_name(&self, role: RoleId) -> String {
        match role {
            RoleId::ADMIN => "admin".into(),
            RoleId::DATA_ARCHITECT => "data_architect".into(),
            RoleId::REVIEWER => "reviewer".into(),
            _ => self.name(role.value()),
        }
    }

    fn resource(&mut self, text: &str) -> Resource {
        match text.split_once(':') {
            Some(("model", name)) => Resource::Model(ModelId::new(self.id(name))),
            Some(("version", name)) => Resource::Version(self.id(name).into()),
            Some(("framework", name)) => Resource::Framework(self.id(name).into()),
            _ => Resource::Organisation,
        }
    }

    fn resource_name(&self, resource: Resource) -> String {
        match resource {
            Resource::Organisation => "organisation".into(),
            Resource::Model(id) => format!("model:{}", self.name(id.value())),
            Resource::Version(id) => format!("version:{}", self.name(id.value())),
            Resource::Framework(id) => format!("framework:{}", self.name(id.value())),
        }
    }

    fn subject(&mut self, text: &str) -> Subject {
        match text.split_once(':') {
            Some(("user", name)) => Subject::User(self.id(name).into()),
            Some(("group", name)) => Subject::Group(self.id(name).into()),
            _ => panic!("no subject: {text}"),
        }
    }

    fn user_names(&self, users: impl IntoIterator<Item = UserId>) -> Value {
        sorted(users.into_iter().map(|user| self.name(user.value())))
    }
}

fn sorted(names: impl IntoIterator<Item = String>) -> Value {
    json!(names.into_iter().collect::<BTreeSet<String>>())
}

fn text<'a>(step: &'a Value, key: &str) -> &'a str {
    step[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} is text in {step}"))
}

fn texts(value: &Value) -> Vec<&str> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .map(|item| item.as_str().expect("text"))
        .collect()
}

fn permissions(value: &Value) -> PermissionSet {
    PermissionSet::from_names(texts(value)).expect("names of the catalogue")
}

fn permission_names(set: PermissionSet) -> Value {
    json!(set.sorted_names())
}

fn moment(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(START + seconds).expect("a time")
}

fn seconds(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_secs)
}

struct Runner {
    names: Names,
    model: Model,
    now: Timestamp,
    failures: Vec<String>,
}

impl Runner {
    fn command(&mut self, step: &Value) -> Command {
        let names = &mut self.names;
        let role = |names: &mut Names| names.role(text(step, "role"));
        let group = |names: &mut Names| GroupId::new(names.id(text(step, "group")));
        let user = |names: &mut Names| UserId::new(names.id(text(step, "user")));
        let invitation = |names: &mut Names| InvitationId::new(names.id(text(step, "invitation")));
        let owned = |key: &str| text(step, key).to_owned();
        match text(step, "do") {
            "found" => Command::Found {
                name: owned("name"),
                first_admin: owned("first_admin"),
                invitation: invitation(names),
                token: Token::new(text(step, "token")).digest(),
            },
            "set_security" => Command::SetSecurity {
                require_sso: step["require_sso"].as_bool(),
                require_mfa: step["require_mfa"].as_bool(),
                allowed_domains: step["allowed_domains"].is_array().then(|| {
                    texts(&step["allowed_domains"])
                        .into_iter()
                        .map(String::from)
                        .collect()
                }),
                allow_external_admins: step["allow_external_admins"].as_bool(),
            },
            "set_limits" => self.set_limits(step),
            "define_role" => Command::DefineRole {
                role: role(names),
                definition: self.definition(step),
            },
            "redefine_role" => Command::RedefineRole {
                role: role(names),
                definition: self.definition(step),
            },
            "clone_role" => Command::CloneRole {
                role: role(names),
                from: names.role(text(step, "from")),
                name: owned("name"),
            },
            "delete_role" => Command::DeleteRole {
                role: role(names),
                replacement: step["replacement"].as_str().map(|name| names.role(name)),
            },
            "assign_roles" => Command::AssignRoles {
                user: user(names),
                roles: texts(&step["roles"])
                    .iter()
                    .map(|name| names.role(name))
                    .collect(),
            },
            "suspend" => Command::Suspend { user: user(names) },
            "reinstate" => Command::Reinstate { user: user(names) },
            "remove" => Command::Remove { user: user(names) },
            "leave" => Command::Leave,
            "add_service_user" => Command::AddServiceUser {
                user: user(names),
                name: owned("name"),
                roles: texts(&step["roles"])
                    .iter()
                    .map(|name| names.role(name))
                    .collect(),
            },
            "change_email" => Command::ChangeEmail {
                user: user(names),
                email: owned("email"),
            },
            "create_group" => Command::CreateGroup {
                group: group(names),
                name: owned("name"),
                role: role(names),
            },
            "rename_group" => Command::RenameGroup {
                group: group(names),
                name: owned("name"),
            },
            "delete_group" => Command::DeleteGroup {
                group: group(names),
            },
            "add_to_group" => Command::AddToGroup {
                group: group(names),
                user: user(names),
            },
            "remove_from_group" => Command::RemoveFromGroup {
                group: group(names),
                user: user(names),
            },
            "register" => Command::Register {
                resource: names.resource(text(step, "resource")),
                parent: step["parent"].as_str().map(|parent| names.resource(parent)),
            },
            "unregister" => Command::Unregister {
                resource: names.resource(text(step, "resource")),
            },
            "grant" => Command::Grant(self.grant(step)),
            "revoke" => Command::Revoke {
                from: names.subject(text(step, "from")),
                on: names.resource(text(step, "on")),
            },
            "restrict" => Command::Restrict {
                from: names.subject(text(step, "from")),
                on: names.resource(text(step, "on")),
                permissions: permissions(&step["permissions"]),
            },
            "unrestrict" => Command::Unrestrict {
                from: names.subject(text(step, "from")),
                on: names.resource(text(step, "on")),
            },
            "invite" => Command::Invite(self.invitation(step)),
            "invite_many" => Command::InviteMany {
                entries: step["entries"]
                    .as_array()
                    .expect("entries")
                    .iter()
                    .map(|entry| self.invitation(entry))
                    .collect(),
            },
            "resend" => Command::Resend {
                invitation: invitation(names),
                token: Token::new(text(step, "token")).digest(),
                ttl: seconds(&step["ttl"]),
            },
            "change_invitation" => Command::ChangeInvitation {
                invitation: invitation(names),
                roles: texts(&step["roles"])
                    .iter()
                    .map(|name| names.role(name))
                    .collect(),
                groups: texts(&step["groups"])
                    .iter()
                    .map(|name| names.id(name).into())
                    .collect(),
            },
            "cancel_invitation" => Command::CancelInvitation {
                invitation: invitation(names),
            },
            "accept" => Command::Accept {
                invitation: invitation(names),
                token: Token::new(text(step, "token")),
                user: user(names),
                email: owned("email"),
                affiliation: affiliation(&step["affiliation"]),
            },
            "decline" => Command::Decline {
                invitation: invitation(names),
                token: Token::new(text(step, "token")),
                email: owned("email"),
            },
            "batch" => Command::Batch {
                commands: step["commands"]
                    .as_array()
                    .expect("commands")
                    .iter()
                    .map(|part| self.command(part))
                    .collect(),
            },
            other => panic!("unknown command {other}"),
        }
    }

    fn set_limits(&mut self, step: &Value) -> Command {
        let number = |key: &str| {
            step[key]
                .as_u64()
                .map(|number| u32::try_from(number).unwrap())
        };
        let empty = serde_json::Map::new();
        let seats = step["seats"].as_object().unwrap_or(&empty);
        let seat = |limit: &Value| limit.as_u64().map(|number| u32::try_from(number).unwrap());
        Command::SetLimits {
            seats: seats
                .iter()
                .map(|(name, limit)| (self.names.role(name), seat(limit)))
                .collect(),
            open_invitations: number("open_invitations"),
            custom_roles: number("custom_roles"),
            resend_cooldown: seconds(&step["resend_cooldown"]),
        }
    }

    fn definition(&mut self, step: &Value) -> RoleDefinition {
        let scope = match &step["scope"] {
            Value::Array(_) => Scope::Selected(
                texts(&step["scope"])
                    .iter()
                    .map(|name| self.names.resource(name))
                    .collect(),
            ),
            scope if scope == "all" => Scope::All,
            _ => Scope::Granted,
        };
        RoleDefinition {
            name: text(step, "name").to_owned(),
            description: step["description"].as_str().unwrap_or_default().to_owned(),
            defaults: permissions(&step["permissions"]).union(levels(&step["levels"])),
            ceiling: step["ceiling"]
                .is_array()
                .then(|| permissions(&step["ceiling"])),
            scope,
        }
    }

    fn grant(&mut self, step: &Value) -> GrantRequest {
        GrantRequest {
            to: self.names.subject(text(step, "to")),
            on: self.names.resource(text(step, "on")),
            role: step["role"].as_str().map(|name| self.names.role(name)),
            extend: permissions(&step["extend"]),
            narrow: permissions(&step["narrow"]),
            cascade: step["cascade"].as_bool().unwrap_or(true),
            expires_at: step["expires_at"].as_u64().map(moment),
        }
    }

    fn invitation(&mut self, step: &Value) -> InvitationRequest {
        let names = &mut self.names;
        InvitationRequest {
            invitation: names.id(text(step, "invitation")).into(),
            email: text(step, "email").to_owned(),
            roles: texts(&step["roles"])
                .iter()
                .map(|name| names.role(name))
                .collect(),
            groups: texts(&step["groups"])
                .iter()
                .map(|name| names.id(name).into())
                .collect(),
            affiliation: affiliation(&step["affiliation"]).unwrap_or_default(),
            token: Token::new(text(step, "token")).digest(),
            ttl: seconds(&step["ttl"]),
        }
    }

    fn sign_in(&mut self, user: &str, step: &Value) -> SignIn {
        let proof = SignInProof {
            sso: step["sso"].as_bool().unwrap_or(false),
            mfa: step["mfa"].as_bool().unwrap_or(false),
        };
        SignIn {
            user: self.names.id(user).into(),
            role: step["role"].as_str().map(|name| self.names.role(name)),
            proof,
        }
    }

    fn actor(&mut self, step: &Value) -> Actor {
        match (&step["as"], text(step, "do")) {
            (_, "accept" | "decline") => Actor::Invitee,
            (Value::Null, _) => Actor::Operator,
            (Value::String(name), _) if name == "operator" => Actor::Operator,
            (Value::String(name), _) => Actor::User(self.sign_in(name, &Value::Null)),
            (object, _) => Actor::User(self.sign_in(text(object, "user"), object)),
        }
    }

    fn carry_out(&mut self, step: &Value) -> Value {
        let (actor, command) = (self.actor(step), self.command(step));
        let before = self.model.clone();
        let outcome = self.model.execute(&actor, &command, self.now);
        let mut came = serde_json::Map::new();
        match outcome {
            Outcome::Refused(refused) => {
                assert_eq!(before, self.model, "a refusal changes nothing");
                came.insert("refused".into(), json!(refused.code));
                if step["detail"].is_object() {
                    came.insert("detail".into(), detail(&refused, &step["detail"]));
                }
            }
            Outcome::Done { changed, results } => {
                if step["changed"].is_boolean() {
                    came.insert("changed".into(), json!(changed));
                }
                if step["results"].is_array() {
                    let word = |result: &Result<(), Refused>| match result {
                        Ok(()) => "ok",
                        Err(refused) => refused.code,
                    };
                    came.insert(
                        "results".into(),
                        json!(results.iter().map(word).collect::<Vec<_>>()),
                    );
                }
            }
        }
        Value::Object(came)
    }

    fn look(&mut self, step: &Value) -> Value {
        let key = LOOKS.iter().find(|key| step.get(**key).is_some());
        let key = *key.unwrap_or_else(|| panic!("no look in {step}"));
        let mut sign_in_of = |key: &str| self.sign_in(text(step, key), step);
        let sign_in = match key {
            "check" => Some(sign_in_of("user")),
            "effective" | "resources_for" => Some(sign_in_of(key)),
            _ => None,
        };
        let on = step["on"].as_str().map(|name| self.names.resource(name));
        let named = step[key].as_str().unwrap_or_default();
        let subject = matches!(key, "grants" | "restrictions").then(|| self.names.subject(named));
        let user = UserId::new(self.names.id(named));
        let look = Look {
            model: &self.model,
            now: self.now,
        };
        let names = &self.names;
        match key {
            "check" => {
                let set = match &step["check"] {
                    Value::String(name) => permissions(&json!([name])),
                    list => permissions(list),
                };
                let (allowed, reason) =
                    self.model
                        .check(&sign_in.unwrap(), set, on.unwrap(), self.now);
                let word = if allowed { "allow" } else { "deny" };
                if step["because"].is_string() {
                    json!({"expect": word, "because": reason})
                } else {
                    json!({"expect": word})
                }
            }
            "effective" => {
                json!({"expect": permission_names(look.effective(&sign_in.unwrap(), on.unwrap()))})
            }
            "resources_for" => {
                let permission = text(step, "permission").parse().unwrap();
                let resources = look.resources_for(&sign_in.unwrap(), permission);
                json!({"expect": sorted(resources.into_iter().map(|one| names.resource_name(one)))})
            }
            "users_for" => {
                let users = look.users_for(named.parse().unwrap(), on.unwrap());
                json!({"expect": names.user_names(users)})
            }
            "members" => {
                let users = self.model.users.iter();
                let wanted = users.filter(|(_, user)| match named {
                    "active" => !user.suspended,
                    "suspended" => user.suspended,
                    _ => true,
                });
                json!({"expect": names.user_names(wanted.map(|(id, _)| *id))})
            }
            "invitations" => {
                let wanted = look
                    .invitations()
                    .into_iter()
                    .filter(|(_, status)| match named {
                        "pending" => *status == Status::Pending,
                        "expired" => *status == Status::Expired,
                        "accepted" => *status == Status::Accepted,
                        "declined" => *status == Status::Declined,
                        "cancelled" => *status == Status::Cancelled,
                        _ => true,
                    });
                json!({"expect": sorted(wanted.map(|(id, _)| names.name(id.value())))})
            }
            "grants" => json!({"expect": self.entitlements(look.grants(subject.unwrap()))}),
            "restrictions" => {
                json!({"expect": self.entitlements(look.restrictions(subject.unwrap()))})
            }
            "groups_of" => {
                let groups = look.groups_of(user).into_iter();
                json!({"expect": sorted(groups.map(|group| names.name(group.value())))})
            }
            "roles_of" => {
                let roles = self.model.users.get(&user).map(|user| user.roles.clone());
                let roles = roles.unwrap_or_default().into_iter();
                json!({"expect": roles.map(|role| names.role_name(role)).collect::<Vec<_>>()})
            }
            "preview" => self.preview(&step["preview"]),
            _ => json!({}),
        }
    }

    fn entitlements(&self, held: BTreeMap<Resource, PermissionSet>) -> Value {
        let named = held.into_iter();
        let named = named.map(|(on, set)| (self.names.resource_name(on), permission_names(set)));
        Value::Object(named.collect())
    }

    fn preview(&mut self, step: &Value) -> Value {
        let (actor, command) = (self.actor(step), self.command(step));
        let mut after = self.model.clone();
        if let Outcome::Refused(refused) = after.execute(&actor, &command, self.now) {
            return json!({"refused": refused.code});
        }
        let (before, after) = (self.everything(&self.model), self.everything(&after));
        let (gained, lost) = (after.difference(&before), before.difference(&after));
        json!({"gained": gained.collect::<Vec<_>>(), "lost": lost.collect::<Vec<_>>()})
    }

    /// User, resource and permission, under primary roles.
    fn everything(&self, model: &Model) -> BTreeSet<[String; 3]> {
        let mut all = BTreeSet::new();
        let look = Look {
            model,
            now: self.now,
        };
        for (id, user) in model.users.iter().filter(|(_, user)| !user.suspended) {
            for resource in look.resources() {
                for permission in model.effective(*id, user.roles[0], resource, self.now) {
                    all.insert([
                        self.names.name(id.value()),
                        self.names.resource_name(resource),
                        permission.name().to_owned(),
                    ]);
                }
            }
        }
        all
    }

    fn step(&mut self, number: usize, step: &Value) {
        if let Some(seconds) = step["at"].as_u64() {
            self.now = moment(seconds);
        }
        let came = if step["do"].is_string() {
            self.carry_out(step)
        } else {
            self.look(step)
        };
        let said = [
            "refused", "detail", "changed", "results", "expect", "because", "gained", "lost",
        ];
        let expected = said
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), step.get(*key)?.clone())));
        let expected = Value::Object(expected.collect());
        if came != expected {
            self.failures.push(format!(
                "step {number}: {step}\n  expected {expected}\n  came {came}"
            ));
        }
    }
}

const LOOKS: [&str; 12] = [
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
];

fn affiliation(value: &Value) -> Option<Affiliation> {
    match value.as_str() {
        Some("external") => Some(Affiliation::External),
        Some("internal") => Some(Affiliation::Internal),
        _ => None,
    }
}

fn levels(value: &Value) -> PermissionSet {
    let order = ["view", "comment", "edit", "manage"];
    let place = |level: &str| order.iter().position(|known| *known == level);
    let mut names = Vec::new();
    for (kind, level, adds) in LEVELS {
        let reached = value[kind].as_str().and_then(place);
        if place(level) <= reached {
            names.extend(adds.iter().map(|name| format!("{kind}.{name}")));
        }
    }
    PermissionSet::from_names(names.iter().map(String::as_str)).expect("names")
}

/// The members of a refusal that the step speaks of.
fn detail(refused: &Refused, expected: &Value) -> Value {
    let facts = &refused.facts;
    let (users, groups, invitations) = facts.counts.unwrap_or_default();
    let all = json!({
        "excess": permission_names(facts.excess),
        "missing": permission_names(facts.missing),
        "scope": facts.scope,
        "users": users, "groups": groups, "invitations": invitations,
    });
    let keys = expected.as_object().expect("an object").keys();
    Value::Object(keys.map(|key| (key.clone(), all[key].clone())).collect())
}

/// Carries out a file; the failures, a line or three each.
pub(crate) fn run(file: &Path) -> Vec<String> {
    let json: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut runner = Runner {
        names: Names::default(),
        model: Model::new(),
        now: moment(0),
        failures: Vec::new(),
    };
    for (number, step) in json["steps"].as_array().expect("steps").iter().enumerate() {
        runner.step(number + 1, step);
    }
    runner.failures
}
