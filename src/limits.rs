//! How much may be asked for at once: by a person, from an address, over a socket; and how much may be held.

mod fair_queue;
pub mod manual;
mod slots;

pub use fair_queue::{FairQueue, Permit};
pub use slots::Slot;

use std::{
    borrow::Cow,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::{Duration, Instant},
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::{
    config,
    error::{Code, Error, Result},
};

use slots::Slots;

/// How many seconds' worth may come at once: a page that opens, a chat that is caught up with, is a burst and no flood.
const BURST_SECONDS: u32 = 10;
/// When to try again for a slot that others hold: nobody knows.
const SOON_SECONDS: u32 = 10;

/// How many deliveries of what one person has made are under way at once: an eighth of those there are for everybody.
const DELIVERIES_PER_PERSON: u32 = 8;

/// How many messages one hook posts in a second, and all hooks of who made them.
const HOOK_PER_SECOND: u32 = 5;
const HOOK_MAKER_PER_SECOND: u32 = 20;

/// How many events somebody may have that are still to come.
pub const EVENTS_TO_COME: i64 = 1_000;
/// How many tickets somebody may have for events that are still to come.
pub const TICKETS_TO_COME: i64 = 1_000;
/// On how many waiting lists of events that are still to come somebody may be.
pub const WAITING_LISTS: i64 = 100;
/// How many posts and comments one person writes in a second.
const WRITINGS_PER_SECOND: u32 = 10;
/// How many calendars are read from one address in a second: a service reads those of many people.
const CALENDARS_PER_SECOND: u32 = 20;

/// What was asked for lately on this instance. Each counts what it sees; behind a balancer the rates add up.
pub struct Limits {
    people: Option<Keyed<Uuid>>,
    addresses: Option<Keyed<IpAddr>>,
    commands: Option<Keyed<Uuid>>,
    hooks: Option<Keyed<Uuid>>,
    hook_makers: Option<Keyed<Uuid>>,
    writings: Option<Keyed<Uuid>>,
    calendars: Option<Keyed<IpAddr>>,
    subscriptions: usize,
    watched: usize,
    chats: Option<u32>,
    uploads: Option<UploadQuota>,
    connections: Option<Slots<IpAddr>>,
    sockets: Option<Slots<Uuid>>,
    deliveries: Slots<Uuid>,
}

/// How many bytes one person may upload.
#[derive(Debug, Clone, Copy)]
pub struct UploadQuota {
    /// In 24 hours.
    pub in_a_day: u64,
    /// And keep.
    pub in_all: u64,
}

/// The state of somebody's rate limit, after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitState {
    /// Which limit.
    pub policy: &'static str,
    /// How many requests it lets through in [`Self::window_seconds`].
    pub quota: u32,
    /// In how many seconds a spent quota is whole again.
    pub window_seconds: u32,
    /// How many more may come now.
    pub remaining: u32,
    /// In how many seconds the quota is whole again; when there is nothing left, in how many the next may come.
    pub reset_seconds: u32,
    /// Whether this one was over it.
    pub is_over: bool,
}

impl RateLimitState {
    /// The refusal of a request that was over its limit.
    pub fn refusal(self) -> Option<Error> {
        let detail = "too many requests; wait as long as Retry-After says";
        self.is_over.then(|| Error::new(Code::TooManyRequests, detail).retry_after(self.reset_seconds))
    }
}

impl Limits {
    /// As configured; nothing is limited when they are off.
    pub fn new(config: &config::Limits) -> Self {
        let rate = |per_second: u32| config.enabled.then_some(per_second);
        Self {
            people: rate(config.requests_per_second).and_then(|rate| Keyed::new("person", rate)),
            addresses: rate(config.address_requests_per_second).and_then(|rate| Keyed::new("address", rate)),
            commands: rate(config.commands_per_second).and_then(|rate| Keyed::new("command", rate)),
            hooks: rate(HOOK_PER_SECOND).and_then(|rate| Keyed::new("hook", rate)),
            hook_makers: rate(HOOK_MAKER_PER_SECOND).and_then(|rate| Keyed::new("hook maker", rate)),
            writings: rate(WRITINGS_PER_SECOND).and_then(|rate| Keyed::new("posts and comments", rate)),
            calendars: rate(CALENDARS_PER_SECOND).and_then(|rate| Keyed::new("calendars", rate)),
            subscriptions: rate(config.subscriptions_per_person).map_or(usize::MAX, |most| most as usize),
            watched: rate(config.watched_per_person).map_or(usize::MAX, |most| most as usize),
            chats: rate(config.chats_per_person),
            uploads: config.enabled.then(|| UploadQuota {
                in_a_day: u64::from(config.upload_megabytes_per_day) * 1024 * 1024,
                in_all: u64::from(config.upload_megabytes_in_all) * 1024 * 1024,
            }),
            connections: rate(config.connections_per_address).map(Slots::new),
            sockets: rate(config.sockets_per_person).map(Slots::new),
            deliveries: Slots::new(DELIVERIES_PER_PERSON),
        }
    }

    /// Counts a request of somebody who is signed in; `None` when that is not limited.
    pub fn of_person(&self, user_id: Uuid) -> Option<RateLimitState> {
        self.people.as_ref().map(|people| people.count(&user_id))
    }

    /// Counts a request from an address; `None` when that is not limited. Of IPv6 a household has a network of 64 bits, and
    /// so it is that which counts.
    pub fn of_address(&self, address: IpAddr) -> Option<RateLimitState> {
        self.addresses.as_ref().map(|addresses| addresses.count(&client_network(address)))
    }

    /// A slot for a connection from an address, held until it is dropped; refused when all of that address are taken.
    /// `None` in it when connections are not limited.
    pub fn take_connection(&self, address: IpAddr) -> Result<Option<Slot<IpAddr>>> {
        let take =
            |connections: &Slots<_>| connections.take(client_network(address)).ok_or_else(too_many_held);
        self.connections.as_ref().map(take).transpose()
    }

    /// A slot for a socket of somebody, held until it is dropped; refused with 429 when all of theirs are taken. `None` in
    /// it when sockets are not limited.
    pub fn take_socket(&self, user_id: Uuid) -> Result<Option<Slot<Uuid>>> {
        let take = |sockets: &Slots<_>| sockets.take(user_id).ok_or_else(too_many_held);
        self.sockets.as_ref().map(take).transpose()
    }

    /// A slot for a delivery of what somebody has made, held until it is dropped; `None` when all of theirs are taken.
    /// There are always so many, whatever is configured: it is strangers who decide how long one takes.
    pub fn take_delivery(&self, holder: Uuid) -> Option<Slot<Uuid>> {
        self.deliveries.take(holder)
    }

    /// Whether one more delivery of what somebody has made was refused since then, and waits.
    pub fn has_refused_delivery(&self, holder: Uuid, since: Instant) -> bool {
        self.deliveries.has_refused(&holder, since)
    }

    /// Counts a command of somebody, whichever of their sockets it came by; says whether it may be executed.
    pub fn allows_command(&self, user_id: Uuid) -> bool {
        self.commands.as_ref().is_none_or(|commands| !commands.count(&user_id).is_over)
    }

    /// Counts a command as so many more; refused when that is more than they may.
    pub fn charge_commands(&self, user_id: Uuid, more: u32) -> Result<()> {
        charge(self.commands.as_ref(), user_id, more)
    }

    /// Counts a request of somebody as so many more; refused when that is more than they may.
    pub fn charge_requests(&self, user_id: Uuid, more: u32) -> Result<()> {
        charge(self.people.as_ref(), user_id, more)
    }

    /// Counts a message of a hook, for itself and for who made it; refused with 429 when that is more than they may.
    pub fn count_hook(&self, hook_id: Uuid, maker_id: Uuid) -> Result<()> {
        for (limit, key) in [(&self.hooks, hook_id), (&self.hook_makers, maker_id)] {
            let state = limit.as_ref().map(|limit| limit.count(&key));
            state.and_then(RateLimitState::refusal).map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Counts a post or a comment of somebody; refused with 429 when that is more than they may.
    pub fn count_writing(&self, user_id: Uuid) -> Result<()> {
        let state = self.writings.as_ref().map(|writings| writings.count(&user_id));
        state.and_then(RateLimitState::refusal).map_or(Ok(()), Err)
    }

    /// Counts a calendar that is read from an address; refused with 429 when that is more than it may.
    pub fn count_calendar(&self, address: IpAddr) -> Result<()> {
        let state = self.calendars.as_ref().map(|calendars| calendars.count(&client_network(address)));
        state.and_then(RateLimitState::refusal).map_or(Ok(()), Err)
    }

    /// How many chats somebody may follow at once, over all their sockets.
    pub fn subscriptions(&self) -> usize {
        self.subscriptions
    }

    /// How many people somebody may watch at once, over all their sockets.
    pub fn watched(&self) -> usize {
        self.watched
    }

    /// In how many chats somebody may be; `None` when that is not limited.
    pub fn chats(&self) -> Option<u32> {
        self.chats
    }

    /// How much somebody may upload; `None` when that is not limited.
    pub fn uploads(&self) -> Option<UploadQuota> {
        self.uploads
    }

    /// Forgets who has asked for nothing lately.
    pub fn sweep(&self) {
        let people = [&self.people, &self.commands, &self.hooks, &self.hook_makers, &self.writings];
        people.into_iter().flatten().for_each(|people| people.limiter.retain_recent());
        let addresses = [&self.addresses, &self.calendars];
        addresses.into_iter().flatten().for_each(|addresses| addresses.limiter.retain_recent());
    }
}

/// Lets the system end a connection whose client has taken nothing of what was written for so long: we would never notice.
/// Linux alone can do that.
pub fn give_up_after(stream: &TcpStream, wait: Duration) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(wait));
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, wait);
}

/// Whom an address stands for: of IPv6 a household has a network of 64 bits.
pub fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}

/// The same for an address as text; `None` where it is not known.
pub fn client_network_of(address: &str) -> Option<IpAddr> {
    address.parse().ok().map(client_network)
}

fn charge(limit: Option<&Keyed<Uuid>>, user_id: Uuid, more: u32) -> Result<()> {
    let (Some(limit), Some(more)) = (limit, NonZeroU32::new(more)) else { return Ok(()) };
    match limit.limiter.check_key_n(&user_id, more) {
        Ok(Ok(_)) => Ok(()),
        _ => {
            let detail = "too much at once; try again in a moment";
            Err(Error::new(Code::TooManyRequests, detail).retry_after(1))
        }
    }
}

fn too_many_held() -> Error {
    all_held("the limit is reached; close one first")
}

/// The refusal of one more of what somebody holds, where all of theirs are taken: 429.
pub fn all_held(detail: impl Into<Cow<'static, str>>) -> Error {
    Error::new(Code::TooManyRequests, detail).retry_after(SOON_SECONDS)
}

fn quota(per_second: u32) -> Option<Quota> {
    let burst = NonZeroU32::new(per_second.saturating_mul(BURST_SECONDS))?;
    Some(Quota::per_second(NonZeroU32::new(per_second)?).allow_burst(burst))
}

/// One limit, counted for each of those it holds for.
struct Keyed<K: Hash + Eq + Clone> {
    policy: &'static str,
    per_second: u32,
    quota: u32,
    clock: DefaultClock,
    limiter: DefaultKeyedRateLimiter<K, StateInformationMiddleware>,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(policy: &'static str, per_second: u32) -> Option<Self> {
        let rate = quota(per_second)?;
        let limiter = RateLimiter::keyed(rate).with_middleware();
        let clock = DefaultClock::default();
        Some(Self { policy, per_second, quota: rate.burst_size().get(), clock, limiter })
    }

    fn count(&self, key: &K) -> RateLimitState {
        let state = RateLimitState {
            policy: self.policy,
            quota: self.quota,
            window_seconds: BURST_SECONDS,
            remaining: 0,
            reset_seconds: 1,
            is_over: false,
        };
        match self.limiter.check_key(key) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let reset_seconds = (self.quota - remaining.min(self.quota)).div_ceil(self.per_second).max(1);
                RateLimitState { remaining, reset_seconds, ..state }
            }
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                let seconds = wait.as_secs_f64().ceil().max(1.0) as u32;
                RateLimitState { reset_seconds: seconds, is_over: true, ..state }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{BURST_SECONDS, Limits};
    use crate::{config, error::Code};

    fn limits(enabled: bool) -> Limits {
        Limits::new(&config::Limits {
            enabled,
            requests_per_second: 1,
            address_requests_per_second: 2,
            commands_per_second: 1,
            subscriptions_per_person: 1,
            watched_per_person: 1,
            upload_megabytes_per_day: 1,
            upload_megabytes_in_all: 1,
            chats_per_person: 1,
            logins_per_minute: 1,
            sign_ins_per_minute: 1,
            sign_ups_per_hour: 1,
            api_tokens_per_hour: 1,
            connections_per_address: 1,
            sockets_per_person: 1,
        })
    }

    #[test]
    fn a_burst_goes_through_and_what_comes_after_waits() {
        let (limits, one) = (limits(true), Uuid::now_v7());
        for left in (0..BURST_SECONDS).rev() {
            let state = limits.of_person(one).unwrap();
            assert_eq!((state.remaining, state.is_over), (left, false));
        }
        let refusal = limits.of_person(one).unwrap().refusal().unwrap();
        assert_eq!((refusal.code(), refusal.retry_after_seconds()), (Code::TooManyRequests, Some(1)));
        assert!(limits.of_person(Uuid::now_v7()).unwrap().refusal().is_none());
    }

    #[test]
    fn an_address_is_a_network_of_64_bits() {
        let limits = limits(true);
        let left = |address: &str| limits.of_address(address.parse().unwrap()).unwrap().remaining;
        assert_eq!((left("2001:db8::1"), left("2001:db8::ffff:1"), left("2001:db8:0:1::1")), (19, 18, 19));
        assert_eq!((left("192.0.2.1"), left("::ffff:192.0.2.1"), left("192.0.2.2")), (19, 18, 19));
    }

    #[test]
    fn nothing_is_limited_when_limits_are_off() {
        let limits = limits(false);
        assert!(
            limits.of_person(Uuid::now_v7()).is_none()
                && limits.allows_command(Uuid::now_v7())
                && limits.subscriptions() == usize::MAX
        );
    }
}
