-- events/remind
-- Reminds of the next event whose time for that has come; answers whether there was one.
select remind_event()
