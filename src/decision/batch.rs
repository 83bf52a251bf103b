//! Many questions at once, each decided as it would be by itself.

use super::Decision;
use super::fast;
use crate::command::SignIn;
use crate::permission::{Permission, PermissionSet};
use crate::resource::Resource;
use crate::session::Session;
use crate::state::{BATCH, Batch, State};
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
        let questions = questions.map(|(sign_in, asked, on)| (sign_in, asked.into(), on.into()));
        let decide = |batch: &[_]| fast::check_batch(self, batch, now);
        in_batches(questions, decide).map(|(_, it)| it).collect()
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
        let decide = move |batch: &[_]| fast::check_session_batch(self, batch, now);
        in_batches(questions, decide).map(|(_, decision)| decision)
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
        let decide = move |batch: &[_]| fast::check_session_batch(self, batch, now);
        let allowed = in_batches(questions, decide).filter(|(_, it)| it.is_allowed());
        allowed.map(|((_, resource), _)| resource)
    }
}

/// Each question with its decision, a batch decided at a time.
fn in_batches<Q: Copy>(
    mut questions: impl Iterator<Item = Q>,
    decide: impl Fn(&[Q]) -> Batch<Decision>,
) -> impl Iterator<Item = (Q, Decision)> {
    let batches = std::iter::from_fn(move || {
        let batch: Batch<Q> = questions.by_ref().take(BATCH).collect();
        let decided = (!batch.is_empty()).then(|| decide(&batch))?;
        Some(batch.into_iter().zip(decided))
    });
    batches.flatten()
}
