// Emoji: activities and places; things; signs. Each is followed by its name, and after a comma by more words that find it.

/** Sport, play, travel. */
export const activity = `
⚽ football, soccer ball|🏀 basketball|🏈 american football|⚾ baseball|🎾 tennis|🏐 volleyball|🏉 rugby|🥏 frisbee
🎱 billiards, pool|🏓 table tennis, ping pong|🏸 badminton|🏒 ice hockey|🥅 goal|⛳ golf hole|🏹 archery, bow|🎣 fishing
🥊 boxing|🥋 martial arts|🛹 skateboard|⛸️ ice skate|🎿 skis|🛷 sled|🏆 trophy, win|🥇 gold medal, first
🥈 silver medal, second|🥉 bronze medal, third|🏅 sports medal|🎖️ military medal|🎗️ reminder ribbon|🎫 ticket|🎟️ admission ticket|🎪 circus
🎭 theatre, masks|🎨 art, palette paint|🎬 clapper, movie film|🎤 microphone, sing|🎧 headphones, music|🎼 score, music|🎹 piano|🥁 drum
🎷 saxophone|🎺 trumpet|🎸 guitar|🎻 violin|🎲 die, dice game|♟️ chess pawn|🎯 bullseye, target goal|🎳 bowling
🎮 video game, controller|🎰 slot machine|🧩 puzzle piece|🎉 party popper, tada celebrate congratulations|🎊 confetti, celebrate|🎈 balloon, birthday|🎁 gift, present|🎀 ribbon
🎄 christmas tree|🎃 pumpkin, halloween|🎆 fireworks|🎇 sparkler|🧨 firecracker|🧧 red envelope|🏮 lantern|🪔 diya lamp
🚗 car|🚕 taxi|🚙 suv|🚌 bus|🏎️ racing car|🚓 police car|🚑 ambulance|🚒 fire engine
🚚 truck, delivery|🚜 tractor|🛴 scooter|🚲 bicycle, bike|🛵 motor scooter|🏍️ motorcycle|🚨 siren, alarm|🚄 high speed train
🚂 locomotive|🚆 train|🚇 metro, subway|🚊 tram|🚁 helicopter|✈️ airplane, flight travel|🛫 departure|🛬 arrival
🚀 rocket, launch ship fast|🛸 flying saucer, ufo|⛵ sailboat|🚤 speedboat|🛳️ passenger ship|🚢 ship|⚓ anchor|⛽ fuel pump
🚧 construction, work in progress|🚦 traffic light|🗺️ world map|🗿 moai|🗽 statue of liberty|🗼 tower|🏰 castle|🏟️ stadium
🎡 ferris wheel|🎢 roller coaster|⛲ fountain|🏖️ beach|🏝️ desert island|🏜️ desert|🌋 volcano|⛰️ mountain
🏔️ snowy mountain|🗻 mount fuji|🏕️ camping|⛺ tent|🏠 house, home|🏡 house with garden|🏢 office building|🏥 hospital
🏦 bank|🏨 hotel|🏪 convenience store|🏫 school|🏭 factory|⛪ church|🕌 mosque|🕍 synagogue
🌃 night city|🌅 sunrise|🌇 sunset|🌉 bridge at night`;

/** Objects. */
export const things = `
⌚ watch|📱 phone, mobile|💻 laptop, computer|⌨️ keyboard|🖥️ desktop computer|🖨️ printer|🖱️ computer mouse|💾 floppy disk, save
💿 cd|📷 camera|📸 camera with flash, photo|🎥 movie camera|📞 telephone receiver, call|☎️ telephone|📺 television, tv|📻 radio
🎙️ studio microphone|⏰ alarm clock|⏱️ stopwatch|⏳ hourglass, wait|⌛ hourglass done|🔋 battery|🪫 low battery|🔌 plug, power
💡 bulb, idea light|🔦 flashlight|🕯️ candle|🧯 fire extinguisher|🗑️ trash, bin|💸 flying money|💵 dollar, money|💶 euro, money
💷 pound, money|💰 money bag|💳 credit card|💎 gem, diamond|⚖️ scales, justice|🧰 toolbox|🔧 wrench, fix tool|🔨 hammer, tool
🛠️ tools, hammer and wrench|⛏️ pick|🔩 nut and bolt|⚙️ gear, settings|🧱 brick|🧲 magnet|💣 bomb|🔪 knife
🛡️ shield|🚬 cigarette|⚰️ coffin|🔮 crystal ball, future|🧿 nazar amulet|💈 barber|🔭 telescope|🔬 microscope
🩹 plaster, bandage|🩺 stethoscope|💊 pill, medicine|💉 syringe, vaccine|🧬 dna|🧪 test tube, experiment|🌡️ thermometer|🧹 broom, clean
🧺 basket|🧻 toilet paper|🚽 toilet|🚿 shower|🛁 bathtub|🧼 soap|🪥 toothbrush|🔑 key
🗝️ old key|🚪 door|🛋️ couch|🛏️ bed|🧸 teddy bear|🖼️ framed picture|🛍️ shopping bags|🛒 shopping cart
✉️ envelope, mail|📧 e-mail|📨 incoming envelope|📦 package, box ship|📫 mailbox|📜 scroll|📄 page, document|📃 curled page
📊 bar chart, statistics|📈 chart up, growth|📉 chart down|📅 calendar, date|📆 tear off calendar|📌 pushpin, pin|📍 round pushpin, location|📎 paperclip, attach
📏 ruler|📐 triangle ruler|✂️ scissors, cut|🗂️ dividers|📁 folder|📂 open folder|📰 newspaper, news|📓 notebook
📕 red book|📗 green book|📘 blue book|📙 orange book|📚 books, read|📖 open book, read|🔖 bookmark|📝 memo, note write
✏️ pencil|🖊️ pen|🖌️ paintbrush|🔍 magnifier, search|🔎 magnifier right, search|🔒 locked, lock|🔓 unlocked|🔗 link
👓 glasses|🕶️ sunglasses|👔 necktie|👕 t-shirt|👖 jeans|🧣 scarf|🧤 gloves|🧥 coat
👗 dress|👘 kimono|🩱 swimsuit|👙 bikini|👛 purse|👜 handbag|🎒 backpack, school|👟 sneaker, shoe
👠 high heel|👢 boot|👑 crown, king queen|👒 hat|🎩 top hat|🎓 graduation cap|🧢 cap|⛑️ helmet
💄 lipstick|💍 ring, engagement|🌂 closed umbrella|☂️ umbrella`;

/** Signs and flags. */
export const signs = `
✅ check mark button, done yes|✔️ check mark, yes|☑️ checked box, done|❌ cross mark, no wrong|❎ cross button|➕ plus|➖ minus|➗ divide
✖️ multiply|♾️ infinity|❓ question|❔ white question|❗ exclamation, important|❕ white exclamation|‼️ double exclamation|⁉️ exclamation question
⚠️ warning, caution|🚫 prohibited, forbidden no|⛔ no entry, stop|📵 no phones|🔞 no one under eighteen|☢️ radioactive|☣️ biohazard|♻️ recycling
🆕 new|🆗 ok button|🆒 cool button|🆓 free|🆘 sos, help|🆙 up button|🔝 top|🔜 soon
🔙 back|🔚 end|⬆️ up arrow|⬇️ down arrow|⬅️ left arrow|➡️ right arrow|↗️ up right arrow|↘️ down right arrow
↩️ left curving arrow|↪️ right curving arrow|🔄 counterclockwise arrows, refresh|🔁 repeat|🔀 shuffle|▶️ play|⏸️ pause|⏹️ stop button
⏺️ record|⏭️ next track|⏮️ last track|⏩ fast forward|🔊 loud, speaker|🔇 muted speaker|🔔 bell, notification|🔕 no bell, mute
📢 loudspeaker, announce|📣 megaphone|🎵 musical note|🎶 musical notes|💲 dollar sign|©️ copyright|®️ registered|™️ trade mark
#️⃣ hash|0️⃣ zero|1️⃣ one|2️⃣ two|3️⃣ three|4️⃣ four|5️⃣ five|6️⃣ six
7️⃣ seven|8️⃣ eight|9️⃣ nine|🔟 ten|🔴 red circle|🟠 orange circle|🟡 yellow circle|🟢 green circle
🔵 blue circle|🟣 purple circle|🟤 brown circle|⚫ black circle|⚪ white circle|🟥 red square|🟧 orange square|🟨 yellow square
🟩 green square|🟦 blue square|🟪 purple square|⬛ black square|⬜ white square|🔶 orange diamond|🔷 blue diamond|🔺 red triangle
♈ aries|♉ taurus|♊ gemini|♋ cancer|♌ leo|♍ virgo|♎ libra|♏ scorpio
♐ sagittarius|♑ capricorn|♒ aquarius|♓ pisces|☮️ peace|✝️ cross|☪️ star and crescent|🕉️ om
✡️ star of david|☯️ yin yang|⚛️ atom|🏁 chequered flag, finish|🚩 red flag|🏳️ white flag|🏴 black flag|🏳️‍🌈 rainbow flag, pride
🏴‍☠️ pirate flag|🇺🇳 united nations|🇪🇺 european union|🇦🇷 argentina|🇦🇺 australia|🇦🇹 austria|🇧🇾 belarus|🇧🇪 belgium
🇧🇷 brazil|🇨🇦 canada|🇨🇳 china|🇨🇿 czechia|🇩🇰 denmark|🇪🇬 egypt|🇫🇮 finland|🇫🇷 france
🇩🇪 germany|🇬🇷 greece|🇭🇰 hong kong|🇮🇳 india|🇮🇩 indonesia|🇮🇪 ireland|🇮🇱 israel|🇮🇹 italy
🇯🇵 japan|🇰🇿 kazakhstan|🇰🇷 south korea, korea|🇲🇽 mexico|🇳🇱 netherlands|🇳🇴 norway|🇵🇱 poland|🇵🇹 portugal
🇷🇴 romania|🇷🇺 russia|🇸🇦 saudi arabia|🇷🇸 serbia|🇸🇬 singapore|🇿🇦 south africa|🇪🇸 spain|🇸🇪 sweden
🇨🇭 switzerland|🇹🇷 türkiye, turkey|🇺🇦 ukraine|🇦🇪 emirates|🇬🇧 united kingdom, britain|🇺🇸 united states, america usa|🇻🇳 vietnam`;
