//! By the sun.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use solar_positioning::{Horizon, Location, SolarEvents, delta_t::estimate_from_date_like};

use crate::schedules::model::{Solar, SolarEvent};

/// How far ahead it is looked: where the sun does not rise for half a year, it does after that.
const AHEAD: TimeDelta = TimeDelta::days(400);
/// Two of the same event are further apart than this.
const APART: TimeDelta = TimeDelta::minutes(1);

/// The first time after `now`, to the second; `None` where there is none within 400 days.
pub fn next(solar: &Solar, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = find(solar, now)?;
    // Rounded up, so that it is not found again in the second in which it was.
    if at > now { Some(at) } else { find(solar, now.checked_add_signed(APART)?) }
}

fn find(solar: &Solar, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let to = from.checked_add_signed(AHEAD)?;
    let location = Location { latitude: solar.latitude, longitude: solar.longitude };
    let delta_t = estimate_from_date_like(&from).ok()?;
    let events = SolarEvents::new();
    let rise = |horizon| events.next_rise(&from, &to, location, delta_t, horizon);
    let set = |horizon| events.next_set(&from, &to, location, delta_t, horizon);
    let found = match solar.event {
        SolarEvent::Sunrise => rise(Horizon::SunriseSunset),
        SolarEvent::Sunset => set(Horizon::SunriseSunset),
        SolarEvent::Noon => events.next_transit(&from, &to, solar.longitude, delta_t),
        SolarEvent::CivilDawn => rise(Horizon::CivilTwilight),
        SolarEvent::CivilDusk => set(Horizon::CivilTwilight),
        SolarEvent::NauticalDawn => rise(Horizon::NauticalTwilight),
        SolarEvent::NauticalDusk => set(Horizon::NauticalTwilight),
        SolarEvent::AstronomicalDawn => rise(Horizon::AstronomicalTwilight),
        SolarEvent::AstronomicalDusk => set(Horizon::AstronomicalTwilight),
    };
    let at = found.ok()??;
    let second = at.trunc_subsecs(0);
    if second == at { Some(at) } else { second.checked_add_signed(TimeDelta::seconds(1)) }
}
