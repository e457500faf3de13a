-- chat_list/count_short_public
-- Up to $5, for words of one or two characters, of which no index knows: those with the newest activity are looked at first, and all of
-- them only where there are hardly any.
select count(*) from find_public($1, $2, $3, $4, $5, 0)
