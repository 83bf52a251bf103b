//! Bytes that the running thread holds, as the allocator counts them per thread: no cost on the path of a check.

use tikv_jemalloc_ctl::thread::{allocatedp, deallocatedp};

/// Bytes allocated and not yet freed by this thread.
pub fn held() -> u64 {
    let allocated = allocatedp::read().map_or(0, |counter| counter.get());
    let freed = deallocatedp::read().map_or(0, |counter| counter.get());
    allocated.wrapping_sub(freed)
}
