//! The state as of a revision or a time, by replay from the nearest snapshot.

use super::HistoryError;
use crate::event::{Commit, Event};
use crate::id::UserId;
use crate::permission::Permission;
use crate::preview::{AccessChange, Side, Touched, changes};
use crate::resource::Resource;
use crate::state::State;
use crate::subject::Subject;
use crate::time::Timestamp;

/// A state and the time at which it is looked at: an organisation as it was then.
///
/// It is the snapshot that a replay starts from, and what a replay comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    state: State,
    at: Timestamp,
}

impl Past {
    /// Before anything happened: where a replay without a snapshot starts.
    #[must_use]
    pub fn beginning() -> Self {
        Self::new(State::new(), Timestamp::EPOCH)
    }

    /// A state as of a time: a snapshot, or the present.
    #[must_use]
    pub const fn new(state: State, at: Timestamp) -> Self {
        Self { state, at }
    }

    /// The state as it was then.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The time then.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The organisation right after the commit of this revision, at its time where it is among the commits.
    ///
    /// Takes commits in order of revisions; those that the snapshot holds already are passed over,
    /// so a whole log is as good as its tail. Cost in proportion to the commits behind the snapshot.
    ///
    /// # Errors
    /// - [`HistoryError::SnapshotTooLate`] where the snapshot is of a later revision.
    /// - [`HistoryError::NotReached`] where the commits end before it.
    /// - [`HistoryError::Corrupt`] where a commit does not fit.
    pub fn at_revision<'a>(
        self,
        commits: impl IntoIterator<Item = &'a Commit>,
        revision: u64,
    ) -> Result<Self, HistoryError> {
        if self.state.revision() > revision {
            return Err(HistoryError::SnapshotTooLate {
                snapshot: self.state.revision(),
                asked: revision,
            });
        }
        let past = self.replay(commits, |commit| commit.revision <= revision)?;
        let reached = past.state.revision();
        if reached < revision {
            return Err(HistoryError::NotReached {
                reached,
                asked: revision,
            });
        }
        Ok(past)
    }

    /// The organisation at a time: after all commits up to the first one that is later.
    ///
    /// A clock that went back puts commits behind later ones; the order of revisions is the order
    /// of what happened, so nothing behind a later commit counts. The snapshot must be from that
    /// time or before: its own commit, for those that it holds already are passed over, however late they were.
    ///
    /// # Errors
    /// - [`HistoryError::SnapshotTooRecent`] where the snapshot is from later.
    /// - [`HistoryError::Corrupt`] where a commit does not fit.
    pub fn at_time<'a>(
        self,
        commits: impl IntoIterator<Item = &'a Commit>,
        time: Timestamp,
    ) -> Result<Self, HistoryError> {
        if self.at > time {
            return Err(HistoryError::SnapshotTooRecent {
                snapshot: self.at,
                asked: time,
            });
        }
        let past = self.replay(commits, |commit| commit.at <= time)?;
        Ok(Self { at: time, ..past })
    }

    fn replay<'a>(
        mut self,
        commits: impl IntoIterator<Item = &'a Commit>,
        is_wanted: impl Fn(&Commit) -> bool,
    ) -> Result<Self, HistoryError> {
        let held = self.state.revision();
        let rest = commits.into_iter().filter(|commit| commit.revision >= held);
        for commit in rest.take_while(|commit| commit.revision == held || is_wanted(commit)) {
            if commit.revision > held {
                self.state.apply(commit)?;
            }
            self.at = commit.at;
        }
        Ok(self)
    }

    /// Who could do this then: the active users who could under at least one role they held, sign-in
    /// proof ignored, in the order of ids.
    pub fn users_for(
        &self,
        permission: Permission,
        resource: Resource,
    ) -> impl Iterator<Item = UserId> + '_ {
        self.state.users_for(permission, resource, self.at)
    }

    /// Who gained and lost what from this past to another, later or earlier: under the primary role
    /// of each side, sign-in proof ignored, in the order of users and resources.
    ///
    /// What ended by the clock alone counts: each side is looked at at its own time. Takes the
    /// commits between the two, and passes over all others. Cost in proportion to what those touch,
    /// and to the number of grants.
    ///
    /// # Errors
    /// [`HistoryError::NotReached`] where commits between the two are missing.
    pub fn difference<'a>(
        &self,
        other: &Self,
        commits: impl IntoIterator<Item = &'a Commit>,
    ) -> Result<Vec<AccessChange>, HistoryError> {
        let between = self.events_between(other, commits)?;
        let mut touched = Touched::by_events(&self.state, &other.state, between);
        for (subject, resource) in self.ended_between(other) {
            touched.entitlement(subject, resource);
        }
        Ok(changes(&touched, self.side(), other.side()))
    }

    fn side(&self) -> Side<'_> {
        Side {
            state: &self.state,
            now: self.at,
        }
    }

    fn events_between<'a>(
        &self,
        other: &Self,
        commits: impl IntoIterator<Item = &'a Commit>,
    ) -> Result<Vec<&'a Event>, HistoryError> {
        let [from, to] = [self, other].map(|it| it.state.revision());
        let (mut reached, last) = (from.min(to), from.max(to));
        let mut events = Vec::new();
        for commit in commits {
            if reached.checked_add(1) == Some(commit.revision) && reached < last {
                reached = commit.revision;
                events.extend(&commit.events);
            }
        }
        if reached < last {
            return Err(HistoryError::NotReached {
                reached,
                asked: last,
            });
        }
        Ok(events)
    }

    /// The grants that are live on one side and over on the other, but for those that events tell of.
    fn ended_between<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (Subject, Resource)> + 'a {
        let users = self.state.users().map(|(user, _)| Subject::User(user));
        let groups = self.state.groups().map(|(group, _)| Subject::Group(group));
        users.chain(groups).flat_map(move |subject| {
            let grants = self.state.grants_of(subject);
            let ended = grants.filter(|(_, it)| it.is_live(self.at) != it.is_live(other.at));
            ended.map(move |(resource, _)| (subject, resource))
        })
    }
}
