//! Questions of many, gathered into one statement: as sends share a commit, those who come back at once share what they ask.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::timeout,
};

use crate::error::{Error, Result};

/// The most questions that wait for the next statement; who asks then waits until there is room.
const WAITING: usize = 1024;
/// The most statements under way: what is asked meanwhile is gathered for the next.
const BESIDE: usize = 2;
/// Statements that have not been answered for so long are slow: the next one leaves beside them.
const SLOW: Duration = Duration::from_millis(100);

/// Where questions of one kind are gathered. There is no timer: a lone one is asked at once.
pub struct Gather<Q, A> {
    sender: mpsc::Sender<Asked<Q, A>>,
}

struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<Result<A>>,
}

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// Starts the worker, which ends when this is dropped. `find` is asked up to `most` questions, and has an answer to each in
    /// their order.
    pub fn start<F>(most: usize, find: impl Fn(Vec<Q>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<A>>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(work(receiver, most, find));
        Self { sender }
    }

    /// Asks, with whoever asks now, too. What fails, fails for all of those.
    pub async fn ask(&self, question: Q) -> Result<A> {
        let is_stopping = || Error::unavailable("the server is stopping", 1);
        let (answer, found) = oneshot::channel();
        self.sender.send(Asked { question, answer }).await.map_err(|_| is_stopping())?;
        found.await.map_err(|_| is_stopping())?
    }
}

async fn work<Q, A, F>(
    mut receiver: mpsc::Receiver<Asked<Q, A>>,
    most: usize,
    find: impl Fn(Vec<Q>) -> F + Send + Sync + 'static,
) where
    Q: Send + 'static,
    A: Send + 'static,
    F: Future<Output = Result<Vec<A>>> + Send + 'static,
{
    let (places, find) = (Arc::new(Semaphore::new(BESIDE)), Arc::new(find));
    while let Some(first) = receiver.recv().await {
        let place = timeout(SLOW, Arc::clone(&places).acquire_owned()).await;
        let mut all = vec![first];
        while all.len() < most
            && let Ok(next) = receiver.try_recv()
        {
            all.push(next);
        }
        // Who has gone meanwhile need not be asked for.
        all.retain(|asked| !asked.answer.is_closed());
        let find = Arc::clone(&find);
        tokio::spawn(async move {
            let (questions, askers): (Vec<_>, Vec<_>) =
                all.into_iter().map(|Asked { question, answer }| (question, answer)).unzip();
            if questions.is_empty() {
                return;
            }
            match find(questions).await {
                Ok(answers) => askers.into_iter().zip(answers).for_each(|(asker, answer)| {
                    let _ = asker.send(Ok(answer));
                }),
                Err(error) => askers.into_iter().for_each(|asker| {
                    let _ = asker.send(Err(error.repeat()));
                }),
            }
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::{sync::Notify, task::JoinSet};

    use super::*;

    #[tokio::test]
    async fn what_is_asked_while_statements_are_under_way_is_asked_together() {
        let (asked, go_on) = (Arc::new(Mutex::new(vec![])), Arc::new(Notify::new()));
        let (noted, held) = (Arc::clone(&asked), Arc::clone(&go_on));
        let gather = Arc::new(Gather::start(8, move |questions: Vec<u32>| {
            noted.lock().unwrap().push(questions.len());
            let held = Arc::clone(&held);
            async move {
                if questions.len() == 1 {
                    held.notified().await;
                }
                Ok(questions.into_iter().map(|question| question * 2).collect())
            }
        }));
        let mut all = JoinSet::new();
        for question in 0..20 {
            let gather = Arc::clone(&gather);
            all.spawn(async move { (question, gather.ask(question).await.unwrap()) });
            if question < 2 {
                // Alone: it leaves at once.
                while asked.lock().unwrap().len() <= question as usize {
                    tokio::task::yield_now().await;
                }
            }
        }
        // Both are slow by now, and the rest has left without them: as many at once as may.
        while asked.lock().unwrap().len() < 5 {
            tokio::task::yield_now().await;
        }
        go_on.notify_one();
        go_on.notify_one();
        while let Some(answer) = all.join_next().await {
            let (question, answer) = answer.unwrap();
            assert_eq!(answer, question * 2);
        }
        let asked = asked.lock().unwrap().clone();
        assert_eq!((&asked[..2], asked.iter().sum::<usize>()), (&[1, 1][..], 20));
        assert!(asked[2..].iter().all(|count| (1..=8).contains(count)) && asked.len() <= 6, "{asked:?}");
    }

    #[tokio::test]
    async fn what_fails_fails_for_all_who_asked() {
        let gather =
            Gather::start(8, |_: Vec<u32>| async { Err::<Vec<u32>, _>(Error::unavailable("no", 3)) });
        let (one, other) = tokio::join!(gather.ask(1), gather.ask(2));
        for error in [one.unwrap_err(), other.unwrap_err()] {
            assert_eq!((error.detail(), error.retry_after_seconds()), ("no", Some(3)));
        }
    }
}
