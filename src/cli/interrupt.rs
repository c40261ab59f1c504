//! Ctrl-C: work in hand is finished and kept where a command asks for that, else the program ends at once with 130.

use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static DEFERRED: AtomicBool = AtomicBool::new(false);

/// Begins to listen for Ctrl-C.
pub fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) || !DEFERRED.load(Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "the handler runs in a thread of its own and has no caller to return to")]
            std::process::exit(130);
        }
    })?;
    Ok(())
}

/// Leaves it to the command to ask [`requested`] and stop in good order; a second Ctrl-C still ends the program at once.
pub fn defer() {
    DEFERRED.store(true, Ordering::SeqCst);
}

/// Whether the user asked to stop.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Takes the wish to stop as fulfilled: the command ended as it should when it is told to.
pub fn heeded() {
    REQUESTED.store(false, Ordering::SeqCst);
}
