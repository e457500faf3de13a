//! The primary goes away, in every way it can, and what was acknowledged is there.
//!
//! Three PostgreSQL under Patroni and one etcd, two instances whose url names all three, writers and readers as in the
//! other story of chaos. `scripts/failover` runs it: it needs Patroni and etcd. With `FAILOVER=long` it is 300 posts a second
//! and 200 readers, each fault several times and twenty planned switchovers; else a light load and a few faults. With
//! `CHAOS_MESSAGES=1000000` writers are as fast as they can, and the faults go round, a minute apart, until so much is acknowledged.
//! `FAILOVER_FAULTS=Frozen,Killed` names others.

mod member;
mod patroni;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{task::JoinSet, time::sleep};

use self::patroni::{Patroni, Replication, is_missing};
use super::{
    Form, audit,
    reader::{Reader, Way},
    stage::{Ground, Stage, folder},
    watch, writer,
};

/// Patroni needs its smallest ttl, 20 seconds, to notice, and a few to act.
const FAILOVER: Duration = Duration::from_secs(30);
/// Nobody has to notice a planned one.
const SWITCHOVER: Duration = Duration::from_secs(5);
/// A few rounds of Patroni's.
const SETTLED: Duration = Duration::from_secs(4);
/// Longer than it takes the others to go on without it.
const AWAY: Duration = Duration::from_secs(30);

/// What is done to the primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// SIGKILL, PostgreSQL and Patroni; started again later.
    Killed,
    /// Nothing of it runs for a while; then it goes on as if nothing had been.
    Frozen,
    /// Nothing comes or goes any more, and nobody is told.
    CutOff,
    /// What it committed last has reached nobody when it is killed.
    KilledAhead,
    /// Planned.
    Switchover,
}

impl Fault {
    fn called(name: &str) -> Self {
        let all = [Self::Killed, Self::Frozen, Self::CutOff, Self::KilledAhead, Self::Switchover];
        all.into_iter().find(|fault| format!("{fault:?}") == name).expect("a fault's name")
    }
}

/// How much is done.
struct Plan {
    form: Form,
    readers: usize,
    faults: Vec<Fault>,
    /// Whether the times that are promised count: the short form runs on whatever machine there is.
    is_timed: bool,
}

impl Plan {
    fn chosen(replication: Replication) -> Self {
        use Fault::{CutOff, Frozen, Killed, KilledAhead, Switchover};
        let is_long = std::env::var("FAILOVER").is_ok_and(|form| form == "long");
        let messages = std::env::var("CHAOS_MESSAGES").ok();
        let messages = messages.map(|number| number.parse().expect("CHAOS_MESSAGES is a number"));
        let form = |http_writers, rest| Form {
            messages: 0,
            http_writers,
            socket_writers: http_writers / 5,
            sql_writers: 0,
            window: 1,
            rest: Duration::from_millis(rest),
            calm: Duration::from_secs(2),
        };
        let faults = match (replication, is_long) {
            (Replication::Strict, _) if messages.is_some() => {
                vec![Killed, Switchover, Frozen, CutOff, Switchover]
            }
            (Replication::Strict, true) => {
                [vec![Killed, Frozen, CutOff, Killed, Frozen, CutOff], vec![Switchover; 20]].concat()
            }
            (Replication::Strict, false) => vec![Switchover, CutOff, Switchover],
            (Replication::Asynchronous, true) => vec![KilledAhead, CutOff, KilledAhead, Frozen, KilledAhead],
            (Replication::Asynchronous, false) => vec![KilledAhead],
        };
        let (form, readers) = match messages {
            Some(messages) => (
                Form {
                    messages,
                    socket_writers: 64,
                    window: 8,
                    calm: Duration::from_secs(60),
                    ..form(16, 0)
                },
                12,
            ),
            None if is_long => (form(50, 200), 200),
            None => (form(5, 200), 8),
        };
        let faults = match std::env::var("FAILOVER_FAULTS") {
            Ok(names) => names.split(',').map(Fault::called).collect(),
            Err(_) => faults,
        };
        Self { form, readers, faults, is_timed: is_long && messages.is_none() }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "scripts/failover runs it"]
async fn whatever_becomes_of_the_primary_what_was_acknowledged_is_there() {
    fails_over(Replication::Strict).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "scripts/failover runs it"]
async fn what_asynchronous_replication_loses_is_told_to_everybody() {
    fails_over(Replication::Asynchronous).await;
}

async fn fails_over(replication: Replication) {
    assert_eq!(is_missing(), None, "scripts/failover installs it");
    let plan = Plan::chosen(replication);
    let seed = std::env::var("CHAOS_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("failover: {replication:?}, CHAOS_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut patroni = Patroni::start(replication).await;
    let urls = patroni.members.iter().map(|member| member.url("trunkline"));
    let may_lose = replication == Replication::Asynchronous;
    let ground = Ground { url: patroni.url(), psql: urls.collect(), may_lose, cluster: None };
    let stage = Arc::new(Stage::on(ground, folder()).await);
    let tally = &stage.tally;
    let (mut writers, mut readers) = (JoinSet::new(), JoinSet::new());
    for _ in 0..plan.form.http_writers {
        writers.spawn(writer::over_http(Arc::clone(&stage), plan.form, dice.random()));
    }
    for _ in 0..plan.form.socket_writers {
        writers.spawn(writer::over_sockets(Arc::clone(&stage), plan.form, dice.random()));
    }
    for number in 0..plan.readers {
        let way = if number % 8 == 0 { Way::Gateway } else { Way::Chat(number % stage.chats.len()) };
        readers.spawn(Reader::new(&stage, way, dice.random()).run());
    }

    let mut slow = Vec::new();
    let mut faults = plan.faults.iter().cycle();
    let mut happened = 0;
    while happened < plan.faults.len() || tally.acknowledged() < plan.form.messages {
        let Some(&fault) = faults.next() else { break };
        happened += 1;
        watch(tally, sleep(plan.form.calm)).await;
        let (begun, sent) = (Instant::now(), tally.acknowledged());
        tally.listen_for_silence();
        watch(tally, happens(fault, &mut patroni, &stage)).await;
        let silence = tally.longest_silence();
        println!(
            "  {fault:?}: nothing acknowledged for {silence:.1?}; whole again after {:.1?}, {} posts",
            begun.elapsed(),
            tally.acknowledged() - sent
        );
        let goal = if fault == Fault::Switchover { SWITCHOVER } else { FAILOVER };
        if silence > goal {
            println!("{}", patroni.logs());
            slow.push((fault, silence));
        }
    }
    stage.stop_writing();
    watch(tally, async { while writers.join_next().await.is_some_and(|ended| ended.is_ok()) {} }).await;
    assert!(writers.is_empty(), "a writer failed");
    let log = audit::read(&stage).await;
    stage.announce_ends(log.ends());
    let mut views = Vec::new();
    watch(tally, async {
        while let Some(view) = readers.join_next().await {
            views.push(view.unwrap());
        }
    })
    .await;
    let outcome = log.judge(&stage, &views);
    stage.end().await;
    println!("{tally}{outcome}");
    tally.assert_sound();
    if may_lose {
        assert!(outcome.is_told(), "{outcome}");
        // The short form has one try, on whatever machine there is: a standby may have had everything after all.
        if outcome.lost() == 0 && !plan.is_timed {
            println!("nothing was lost this time, so nobody had to be told");
            return;
        }
        assert!(outcome.lost() > 0, "nothing was lost, so nothing is proved");
        assert!(tally.counted("readers told a reset") > 0, "nobody was told");
    } else {
        assert!(outcome.is_perfect(), "{outcome}");
    }
    println!("longer than promised: {slow:?}");
    assert!(slow.is_empty() || !plan.is_timed, "longer than promised: {slow:?}");
}

/// Breaks the primary, and waits until all are there again.
async fn happens(fault: Fault, patroni: &mut Patroni, stage: &Stage) {
    let number = patroni.primary().await;
    let primary = &mut patroni.members[number];
    match fault {
        Fault::Killed => {
            primary.dies().await;
            sleep(AWAY).await;
            primary.comes_back();
        }
        Fault::KilledAhead => {
            primary.peers.freeze();
            sleep(Duration::from_secs(2)).await;
            primary.dies().await;
            // What was held back is gone with it.
            primary.peers.cut();
            primary.peers.thaw();
            sleep(AWAY).await;
            primary.comes_back();
        }
        Fault::Frozen => {
            primary.signal(Signal::SIGSTOP);
            sleep(AWAY).await;
            primary.signal(Signal::SIGCONT);
        }
        Fault::CutOff => {
            primary.is_cut_off();
            sleep(AWAY).await;
            primary.is_reached_again();
        }
        Fault::Switchover => {
            let name = primary.name;
            let mut tries = 0;
            // A member that has just come back knows itself for healthy only after a round or two of Patroni's.
            sleep(SETTLED).await;
            // Patroni may not have noticed yet that it has a standby; and may say no after all is done.
            while let Err(why) = patroni.members[number].switches_over().await {
                sleep(Duration::from_secs(1)).await;
                if patroni.primary().await != number {
                    break;
                }
                tries += 1;
                assert!(tries < 20, "no switchover from {name}: {why}");
            }
        }
    }
    stage.tally.fault(match fault {
        Fault::Killed => "the primary killed",
        Fault::KilledAhead => "the primary killed ahead of its standbys",
        Fault::Frozen => "the primary frozen",
        Fault::CutOff => "the primary cut off",
        Fault::Switchover => "switched over",
    });
    patroni.is_whole().await;
    // Somebody has been acknowledged since.
    let acknowledged = stage.tally.acknowledged();
    while stage.tally.acknowledged() == acknowledged {
        sleep(Duration::from_millis(50)).await;
    }
}
