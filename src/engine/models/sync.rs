//! What threads share, as shuttle sees it. Every use is a moment at which another thread may go on.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

pub(super) use shuttle::sync::{Mutex, MutexGuard};
pub(super) use shuttle::thread;

/// The cell of arc-swap: what it promises, by a lock for each step that it takes at once.
#[derive(Default)]
pub(super) struct ArcSwap<T>(Mutex<Arc<T>>);

impl<T> ArcSwap<T> {
    pub(super) fn from_pointee(value: T) -> Self {
        Self(Mutex::new(Arc::new(value)))
    }

    pub(super) fn load(&self) -> Guard<Arc<T>> {
        Guard(Arc::clone(&self.lock()))
    }

    pub(super) fn rcu<R: Into<Arc<T>>>(&self, next: impl Fn(&Arc<T>) -> R) -> Arc<T> {
        loop {
            let current = self.load().0;
            if self.replace(&current, next(&current).into()) {
                return current;
            }
        }
    }

    fn replace(&self, current: &Arc<T>, next: Arc<T>) -> bool {
        let mut held = self.lock();
        let unchanged = Arc::ptr_eq(&held, current);
        if unchanged {
            *held = next;
        }
        unchanged
    }

    fn lock(&self) -> MutexGuard<'_, Arc<T>> {
        self.0.lock().unwrap()
    }
}

impl<T> fmt::Debug for ArcSwap<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ArcSwap(..)")
    }
}

pub(super) struct Guard<A>(A);

impl<A> Guard<A> {
    pub(super) fn into_inner(self) -> A {
        self.0
    }
}

impl<A> Deref for Guard<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

#[derive(Clone)]
pub(super) struct Cache<C, A> {
    cell: C,
    kept: A,
}

impl<T> Cache<Arc<ArcSwap<T>>, Arc<T>> {
    pub(super) fn new(cell: Arc<ArcSwap<T>>) -> Self {
        let kept = cell.load().into_inner();
        Self { cell, kept }
    }

    pub(super) fn load(&mut self) -> &Arc<T> {
        self.kept = self.cell.load().into_inner();
        &self.kept
    }
}
