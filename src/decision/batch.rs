//! Many questions at once, each decided as it would be by itself.

use super::Decision;
use smallvec::SmallVec;

use super::fast;
use crate::command::SignIn;
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::session::Session;
use crate::state::{BATCH, State};
use crate::time::Timestamp;

impl State {
    /// The decision on each of these questions of many users about many resources, in the order they
    /// came.
    ///
    /// Waits for memory once for many questions, so that in a large organisation a question costs a
    /// part of what it costs by itself. For many questions of one user a [`Session`] is cheaper still.
    pub fn check_many<P, R>(
        &self,
        questions: impl IntoIterator<Item = (SignIn, P, R)>,
        now: Timestamp,
    ) -> Vec<Decision>
    where
        P: Into<PermissionSet>,
        R: Into<Resource>,
    {
        let questions = questions.into_iter();
        let mut questions =
            questions.map(|(sign_in, asked, on)| (sign_in, asked.into(), on.into()));
        let mut decisions = Vec::with_capacity(questions.size_hint().0);
        if self.table().is_near() {
            let one = |(sign_in, asked, on)| fast::check(self, sign_in, asked, on, now);
            decisions.extend(questions.map(one));
            return decisions;
        }
        let mut batch: Batch<fast::Question> = Batch::new();
        loop {
            batch.clear();
            batch.extend(questions.by_ref().take(BATCH));
            if batch.is_empty() {
                return decisions;
            }
            fast::check_batch(self, &batch, now, |decision| decisions.push(decision));
        }
    }
}

impl Session<'_> {
    /// The decision on each of these questions, in the order they came. Questions are taken some at a
    /// time, as many as are waited for together.
    pub fn check_many<'a, P, R, I>(
        &'a self,
        questions: I,
        now: Timestamp,
    ) -> impl Iterator<Item = Decision> + 'a
    where
        P: Into<PermissionSet>,
        R: Into<Resource>,
        I: IntoIterator<Item = (P, R)>,
        I::IntoIter: 'a,
    {
        let questions = questions.into_iter();
        let questions = questions.map(|(asked, on)| (asked.into(), on.into()));
        self.decided(questions, now).map(|(_, decision)| decision)
    }

    /// Those of these resources on which the session may do it, in the order they came. Resources are
    /// taken some at a time, as many as are waited for together.
    pub fn filter<'a, I>(
        &'a self,
        permission: Permission,
        resources: I,
        now: Timestamp,
    ) -> impl Iterator<Item = Resource> + 'a
    where
        I: IntoIterator<Item = Resource>,
        I::IntoIter: 'a,
    {
        let questions = resources.into_iter();
        let questions = questions.map(move |on| (PermissionSet::from(permission), on));
        let decided = self.decided(questions, now);
        let allowed = decided.filter(|(_, it)| it.is_allowed());
        allowed.map(|((_, resource), _)| resource)
    }

    /// Everything the session may do on each of these resources, beside it, in the order they came.
    /// Resources are taken some at a time, as many as are waited for together.
    pub fn effective_many<'a, I>(
        &'a self,
        resources: I,
        now: Timestamp,
    ) -> impl Iterator<Item = (Resource, PermissionSet)> + 'a
    where
        I: IntoIterator<Item = Resource>,
        I::IntoIter: 'a,
    {
        let access = access_in_batches(*self, resources.into_iter(), now);
        access.map(|(resource, (permissions, _))| (resource, permissions))
    }

    fn decided<'a>(
        &'a self,
        questions: impl Iterator<Item = (PermissionSet, Resource)> + 'a,
        now: Timestamp,
    ) -> impl Iterator<Item = ((PermissionSet, Resource), Decision)> + 'a {
        in_batches(
            self.state(),
            questions,
            move |(asked, on)| fast::check_session(self, asked, on, now),
            move |batch, decided| {
                fast::check_session_batch(self, batch, now, |decision| decided.push(decision));
            },
        )
    }
}

/// Each of these resources with everything a session may do there, and what only restrictions withhold.
pub(super) fn access_in_batches<'s>(
    session: Session<'s>,
    resources: impl Iterator<Item = Resource> + 's,
    now: Timestamp,
) -> impl Iterator<Item = (Resource, (PermissionSet, PermissionSet))> + 's {
    in_batches(
        session.state(),
        resources,
        move |on| fast::access(&session, on, now),
        move |batch, found| {
            fast::access_batch(&session, batch, now, |access| found.push(access));
        },
    )
}

type Batch<T> = SmallVec<[T; BATCH]>;

/// Each question with its answer, a batch answered at a time where there is anything to wait for.
fn in_batches<'s, Q: Copy + 's, A: Copy + 's>(
    state: &State,
    questions: impl Iterator<Item = Q> + 's,
    one: impl Fn(Q) -> A + 's,
    many: impl Fn(&[Q], &mut Batch<A>) + 's,
) -> impl Iterator<Item = (Q, A)> + 's {
    let is_near = state.table().is_near();
    let mut questions = questions.fuse();
    let mut batch: Batch<Q> = Batch::new();
    let mut answers: Batch<A> = Batch::new();
    let mut next = 0_usize;
    std::iter::from_fn(move || {
        if is_near {
            let question = questions.next()?;
            return Some((question, one(question)));
        }
        if next == answers.len() {
            next = 0;
            batch.clear();
            batch.extend(questions.by_ref().take(BATCH));
            answers.clear();
            many(&batch, &mut answers);
        }
        let both = (*batch.get(next)?, *answers.get(next)?);
        next = next.saturating_add(1);
        Some(both)
    })
}
