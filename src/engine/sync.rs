//! What the engine shares between threads by. The models of its concurrency put a scheduler's own here.

pub(super) use std::sync::{Mutex, MutexGuard};
pub(super) use std::thread;

pub(super) use arc_swap::{ArcSwap, Cache, Guard};
