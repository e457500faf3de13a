select count(*)
from chats
where visibility = 'public' and kind = 'group'
