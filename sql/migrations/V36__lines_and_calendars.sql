-- What the first in a line were told of places that are fewer than they wait for, and the number of each change in a calendar.

alter table event_waiting add column told_free integer not null default 0;
comment on column event_waiting.told_free is 'Of how many free places they were told while they were first in line and waited for more. Set by a trigger.';

alter table tickets add column sequence integer;
comment on column tickets.sequence is 'The number of its last change in the calendar of its holder: it grows with each ticket of the event that they buy or give back. Set by a trigger; null for one from before, which counts by its time.';
