//! Groups (7).

use std::collections::BTreeSet;

use rolebook::{Actor, GroupId, RoleId, Subject, Timestamp, UserId};

use super::authority::{Acting, Beyond};
use super::refused::{Verdict, refuse, refuse_if};
use super::text::{fold_name, read_name};
use super::{Group, Model, Refused};

const RIGHT: &str = "organisation.groups_manage";

impl Model {
    pub(crate) fn is_member(&self, group: GroupId, user: UserId) -> bool {
        self.groups
            .get(&group)
            .is_some_and(|group| group.members.contains(&user))
    }

    fn refuse_unknown_group(&self, group: GroupId) -> Verdict {
        refuse_if(!self.groups.contains_key(&group), "unknown_group")
    }

    fn refuse_group_name(&self, name: &str, but: Option<GroupId>) -> Verdict {
        let others = self.groups.iter().filter(|(id, _)| Some(**id) != but);
        let mut taken = others.map(|(_, group)| fold_name(&group.name));
        refuse_if(taken.any(|other| other == fold_name(name)), "name_taken")
    }

    pub(crate) fn create_group(
        &mut self,
        actor: &Actor,
        group: GroupId,
        name: &str,
        role: RoleId,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        refuse_if(!self.roles.contains_key(&role), "unknown_role")?;
        let Some(name) = read_name(name) else {
            return refuse("invalid_name");
        };
        self.beyond_for_role(acting, role).refuse()?;
        refuse_if(self.groups.contains_key(&group), "duplicate_id")?;
        self.refuse_group_name(&name, None)?;
        let members = BTreeSet::new();
        self.groups.insert(
            group,
            Group {
                name,
                role,
                members,
            },
        );
        Ok(())
    }

    pub(crate) fn rename_group(&mut self, actor: &Actor, group: GroupId, name: &str) -> Verdict {
        self.need(actor, RIGHT)?;
        self.refuse_unknown_group(group)?;
        let Some(name) = read_name(name) else {
            return refuse("invalid_name");
        };
        self.refuse_group_name(&name, Some(group))?;
        self.groups.get_mut(&group).expect("known").name = name;
        Ok(())
    }

    pub(crate) fn delete_group(
        &mut self,
        actor: &Actor,
        group: GroupId,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.need(actor, RIGHT)?;
        self.refuse_unknown_group(group)?;
        self.refuse_self(acting, Subject::Group(group))?;
        if self.somebody_is_or_would_be_in(group) {
            Beyond::bits(self.lacks_for_removing(acting, group, now)).refuse()?;
        }
        self.groups.remove(&group);
        self.grants
            .retain(|(subject, _), _| *subject != Subject::Group(group));
        self.restrictions
            .retain(|(subject, _), _| *subject != Subject::Group(group));
        for invitation in self.invitations.values_mut() {
            if invitation.is_open() {
                invitation.groups.remove(&group);
            }
        }
        Ok(())
    }

    fn somebody_is_or_would_be_in(&self, group: GroupId) -> bool {
        let offered = self
            .invitations
            .values()
            .any(|invitation| invitation.is_open() && invitation.groups.contains(&group));
        offered || !self.groups[&group].members.is_empty()
    }

    /// Refusals of classes 1 to 4 of the two commands on members, but for `exceeds_actor`.
    fn member_change(
        &self,
        actor: &Actor,
        group: GroupId,
        user: UserId,
    ) -> Result<Acting, Refused> {
        let acting = self.need(actor, RIGHT)?;
        self.refuse_unknown_group(group)?;
        refuse_if(!self.users.contains_key(&user), "not_registered")?;
        self.refuse_self(acting, Subject::User(user))?;
        Ok(acting)
    }

    pub(crate) fn add_to_group(
        &mut self,
        actor: &Actor,
        group: GroupId,
        user: UserId,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.member_change(actor, group, user)?;
        Beyond::bits(self.lacks_for_adding(acting, group, now)).refuse()?;
        refuse_if(self.is_member(group, user), "already_member")?;
        let role = self.groups[&group].role;
        refuse_if(
            !self.users[&user].roles.contains(&role),
            "group_role_mismatch",
        )?;
        self.groups
            .get_mut(&group)
            .expect("known")
            .members
            .insert(user);
        Ok(())
    }

    pub(crate) fn remove_from_group(
        &mut self,
        actor: &Actor,
        group: GroupId,
        user: UserId,
        now: Timestamp,
    ) -> Verdict {
        let acting = self.member_change(actor, group, user)?;
        Beyond::bits(self.lacks_for_removing(acting, group, now)).refuse()?;
        refuse_if(!self.is_member(group, user), "not_a_member")?;
        self.groups
            .get_mut(&group)
            .expect("known")
            .members
            .remove(&user);
        Ok(())
    }
}
