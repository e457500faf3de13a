-- What cannot be understood of a schedule is refused when it is written, in words: when it runs (one of cron, every_seconds and solar),
-- the fields of its cron, its time zone. What the server alone can see, such as a day that no month has, stands in `error` later.
create or replace function check_schedule() returns trigger
language plpgsql as $$
declare
    says text := 'cron must be minute, hour, day of the month, month, day of the week, such as 30 6 * * 1-5';
    names text[] := array['minute', 'hour', 'day of the month', 'month', 'day of the week'];
    lowest integer[] := array[0, 0, 1, 1, 0];
    highest integer[] := array[59, 23, 31, 12, 7];
    words text[] := array[
        '', '', '', 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC', 'SUN MON TUE WED THU FRI SAT'
    ];
    -- Beside *, 5, 1-5, */5 and 1-5/5: the last day, the working day next to one, the last or a numbered one of its kind.
    others text[] := array['', '', '|LW?|[0-9]{1,3}W', '', '|L|[0-9]{1,3}(?:-[0-9]{1,3})?(?:#[1-5L]|L)'];
    fields text[];
    field text;
    item text;
    number text;
    ends text[];
begin
    if num_nonnulls(new.cron, new.every_seconds, new.solar) <> 1 then
        raise check_violation using
            message = 'one of cron, every_seconds and solar must be given, and no more',
            constraint = 'schedules_rule_check', table = 'schedules';
    end if;
    if new.every_seconds not between 1 and 31536000 then
        raise check_violation using
            message = 'every_seconds must be from 1 to 31536000, a year',
            constraint = 'schedules_every_seconds_check', table = 'schedules', column = 'every_seconds';
    end if;
    -- Of jsonb, a number is more than null and text, and less than true, a list and an object.
    if new.solar is not null and (
        coalesce(new.solar ->> 'event', '') not in (
            'sunrise', 'sunset', 'noon', 'civil_dawn', 'civil_dusk', 'nautical_dawn', 'nautical_dusk', 'astronomical_dawn',
            'astronomical_dusk'
        )
        or coalesce(new.solar -> 'latitude', 'null') not between '-90' and '90'
        or coalesce(new.solar -> 'longitude', 'null') not between '-180' and '180'
    ) then
        raise check_violation using
            message = 'solar must be like {"event": "sunset", "latitude": 52.52, "longitude": 13.405}',
            detail = 'event is sunrise, sunset, noon, or civil_, nautical_ or astronomical_ with dawn or dusk; latitude is -90 to 90, longitude -180 to 180',
            constraint = 'schedules_solar_check', table = 'schedules', column = 'solar';
    end if;
    -- The time zones are files: they are read where one was named.
    if new.timezone <> 'UTC' and (tg_op = 'INSERT' or new.timezone is distinct from old.timezone)
        and not exists (select from pg_timezone_names where name = new.timezone)
    then
        raise check_violation using
            message = format('timezone must be the name of a time zone, such as Europe/Berlin, and %s is none', new.timezone),
            hint = 'select name from pg_timezone_names',
            constraint = 'schedules_timezone_check', table = 'schedules', column = 'timezone';
    end if;
    if new.cron is null or lower(btrim(new.cron) collate "C") in ('@hourly', '@daily', '@weekly', '@monthly', '@yearly', '@annually') then
        return new;
    end if;
    fields := regexp_split_to_array(btrim(upper(new.cron collate "C"), E' \t\r\n'), '[[:space:]]+');
    if cardinality(fields) <> 5 then
        raise check_violation using
            message = says, constraint = 'schedules_cron_check', table = 'schedules', column = 'cron';
    end if;
    for place in 1..5 loop
        field := fields[place];
        if place in (3, 5) then
            field := replace(field, '?', '*');
        end if;
        if place = 5 then
            field := replace(ltrim(field, '+'), '-SUN', '-7');
        end if;
        for n in 1..coalesce(cardinality(string_to_array(nullif(words[place], ''), ' ')), 0) loop
            field := replace(field, split_part(words[place], ' ', n), (n - 1 + lowest[place])::text);
        end loop;
        foreach item in array string_to_array(field, ',') loop
            continue when item = '';
            ends := regexp_match(item, '^([0-9]{1,3})-([0-9]{1,3})');
            if item !~ format('^(?:[*](?:/0*[1-9][0-9]{0,3})?|[0-9]{1,3}(?:-[0-9]{1,3}(?:/0*[1-9][0-9]{0,3})?)?%s)$', others[place])
                or ends[1]::integer > ends[2]::integer
            then
                raise check_violation using
                    message = format('cron cannot be read: %s is no %s', fields[place], names[place]), detail = says,
                    constraint = 'schedules_cron_check', table = 'schedules', column = 'cron';
            end if;
            -- Every number but a step, and which one of its kind.
            for number in select one[1] from regexp_matches(regexp_replace(item, '[/#].*', ''), '[0-9]+', 'g') as one loop
                if number::integer not between lowest[place] and highest[place] then
                    raise check_violation using
                        message = format(
                            'cron cannot be read: the %s must be %s to %s, and is %s', names[place], lowest[place], highest[place],
                            number
                        ),
                        detail = says, constraint = 'schedules_cron_check', table = 'schedules', column = 'cron';
                end if;
            end loop;
        end loop;
    end loop;
    return new;
end
$$;

create or replace trigger schedules_check_new
before insert on schedules
for each row when (not public.restoring())
execute function check_schedule();

create or replace trigger schedules_check_changed
before update of cron, every_seconds, solar, timezone on schedules
for each row when (
    (old.cron, old.every_seconds, old.solar, old.timezone) is distinct from (new.cron, new.every_seconds, new.solar, new.timezone)
)
execute function check_schedule();
