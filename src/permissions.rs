//! Who may do what, as far as it is known without asking: kept in memory until a notification says that it has changed.

use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use uuid::Uuid;

/// The permission that is all of them.
pub const EVERYTHING: &str = "*";

/// The most people that are remembered; then all are forgotten, and those who come are asked about again.
const PEOPLE: usize = 100_000;

/// The permission code of an operation: `GET:/api/v1/users/{id}`.
pub fn code(method: &str, template: &str) -> String {
    format!("{method}:{template}")
}

/// What the tables say of roles and of those who have them, as far as somebody has asked. Empty at first; the notification that
/// comes when roles change empties it again.
#[derive(Default)]
pub struct Permissions(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// How often something was forgotten: what was read before does not count any more.
    age: u64,
    /// What each role permits.
    roles: Option<HashMap<String, HashSet<String>>>,
    /// The names of the roles of each.
    people: HashMap<Uuid, Vec<String>>,
}

impl Permissions {
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody may do something; `None` when the tables must be asked first.
    pub fn permits(&self, user_id: Uuid, code: &str) -> Option<bool> {
        let known = self.read();
        let (roles, held) = (known.roles.as_ref()?, known.people.get(&user_id)?);
        let mut held = held.iter().filter_map(|name| roles.get(name));
        Some(held.any(|codes| codes.contains(EVERYTHING) || codes.contains(code)))
    }

    /// How old what is known is, and whether that is what roles permit; to be asked before the tables are.
    pub fn age(&self) -> (u64, bool) {
        let known = self.read();
        (known.age, known.roles.is_some())
    }

    /// Those of these people whose roles are not known.
    pub fn unknown_people(&self, people: &[Uuid]) -> Vec<Uuid> {
        let known = self.read();
        people.iter().filter(|id| !known.people.contains_key(id)).copied().collect()
    }

    /// Keeps what the tables said, unless something was forgotten since `age`.
    pub fn keep(
        &self,
        age: u64,
        roles: Option<Vec<(String, Vec<String>)>>,
        people: Vec<(Uuid, Vec<String>)>,
    ) {
        let mut known = self.write();
        if known.age != age {
            return;
        }
        if let Some(roles) = roles {
            let sets = roles.into_iter().map(|(name, codes)| (name, codes.into_iter().collect()));
            known.roles = Some(sets.collect());
        }
        if known.people.len() + people.len() > PEOPLE {
            known.people.clear();
        }
        known.people.extend(people);
    }

    /// These people have other roles now.
    pub fn forget(&self, people: &[Uuid]) {
        let mut known = self.write();
        known.age += 1;
        for id in people {
            known.people.remove(id);
        }
    }

    /// Anything may be different now.
    pub fn forget_all(&self) {
        let mut known = self.write();
        *known = Known { age: known.age + 1, ..Known::default() };
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::Permissions;

    fn roles() -> Option<Vec<(String, Vec<String>)>> {
        Some(vec![("reader".into(), vec!["GET:/a".into()]), ("all".into(), vec!["*".into()])])
    }

    #[test]
    fn any_role_of_several_permits() {
        let (permissions, one, other) = (Permissions::default(), Uuid::now_v7(), Uuid::now_v7());
        assert_eq!(permissions.permits(one, "GET:/a"), None);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let people = vec![(one, names(&["gone", "reader"])), (other, names(&["reader", "all"]))];
        permissions.keep(0, roles(), people);
        let asked = ["GET:/a", "PUT:/a", "*"];
        assert_eq!(asked.map(|code| permissions.permits(one, code)), [Some(true), Some(false), Some(false)]);
        assert_eq!(asked.map(|code| permissions.permits(other, code)), [Some(true); 3]);
        permissions.forget(&[one]);
        assert_eq!((permissions.permits(one, "*"), permissions.permits(other, "*")), (None, Some(true)));
        assert_eq!(permissions.unknown_people(&[one, other]), [one]);
    }

    #[test]
    fn what_was_read_before_a_notification_is_not_kept() {
        let (permissions, one) = (Permissions::default(), Uuid::now_v7());
        let (age, _) = permissions.age();
        permissions.forget_all();
        permissions.keep(age, roles(), vec![(one, vec!["all".into()])]);
        assert_eq!(permissions.permits(one, "GET:/a"), None);
    }
}
