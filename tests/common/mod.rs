//! A runtime of a few lines, and a store that needs one.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use rolebook::OrganisationId;
use rolebook::store::conformance::BlockOn;
use rolebook::store::{AppendError, AsyncStore, LogEntry, MemoryStore, SnapshotEntry, Store};

/// Waits on the thread that asks.
#[derive(Clone, Copy)]
pub(crate) struct Parker;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl BlockOn for Parker {
    fn block_on<F: Future + Send>(&self, future: F) -> F::Output
    where
        F::Output: Send,
    {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }
}

/// A store whose calls are never ready at once: neither before the effect nor after it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Yielding {
    pub(crate) inner: Arc<MemoryStore>,
}

/// Lets others go first, once.
async fn pause() {
    let mut paused = false;
    poll_fn(|context| {
        if paused {
            return Poll::Ready(());
        }
        paused = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl AsyncStore for Yielding {
    type Error = Infallible;

    async fn append(&self, entry: &LogEntry) -> Result<(), AppendError<Infallible>> {
        pause().await;
        let appended = Store::append(&self.inner, entry);
        pause().await;
        appended
    }

    async fn read(
        &self,
        organisation: OrganisationId,
        after: u64,
    ) -> Result<Vec<LogEntry>, Infallible> {
        pause().await;
        Store::read(&self.inner, organisation, after)
    }

    async fn load_snapshot(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<SnapshotEntry>, Infallible> {
        pause().await;
        Store::load_snapshot(&self.inner, organisation)
    }

    async fn save_snapshot(&self, snapshot: &SnapshotEntry) -> Result<(), Infallible> {
        pause().await;
        Store::save_snapshot(&self.inner, snapshot)
    }
}
