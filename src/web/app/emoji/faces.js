// Emoji: faces and hearts; people and gestures. Each is followed by its name, and after a comma by more words that find it.

/** Faces, moods, hearts. */
export const faces = `
😀 grinning, happy smile|😃 smiley, happy|😄 smile, happy joy|😁 beaming, grin teeth|😆 laughing, haha lol|😅 sweat smile, relief phew|🤣 rofl, rolling laugh|😂 joy, laugh tears lol
🙂 slight smile, ok fine|🙃 upside down, irony silly|🫠 melting, hot embarrassed|😉 wink, flirt|😊 blush, happy shy smile|😇 innocent, angel halo|🥰 smiling with hearts, love adore|😍 heart eyes, love crush
🤩 star struck, wow excited|😘 kiss, love|😗 kissing|☺️ relaxed, smile pleased|😚 kissing closed eyes|😙 kissing smiling|🥲 smiling with tear, touched grateful|😋 yum, delicious tasty
😛 tongue, playful|😜 winking tongue, joke crazy|🤪 zany, goofy crazy|😝 squinting tongue|🤑 money mouth, rich|🤗 hug, hugging|🤭 oops, giggle hand over mouth|🫢 gasp, shock hand over mouth
🫣 peeking, shy scared|🤫 shush, quiet secret|🤔 thinking, hmm wonder|🫡 salute, yes sir respect|🤐 zipper mouth, secret silent|🤨 raised eyebrow, doubt skeptic|😐 neutral, meh|😑 expressionless, meh
😶 no mouth, silent|🫥 dotted line face, invisible hidden|😶‍🌫️ in clouds, foggy absent|😏 smirk, smug|😒 unamused, annoyed|🙄 eye roll, whatever|😬 grimace, awkward|😮‍💨 exhaling, sigh relief
🤥 lying, pinocchio|😌 relieved, calm|😔 pensive, sad|😪 sleepy, tired|🤤 drooling, hungry|😴 sleeping, zzz tired|😷 mask, ill sick|🤒 thermometer, ill fever
🤕 head bandage, hurt injured|🤢 nauseated, sick gross|🤮 vomiting, sick|🤧 sneezing, cold|🥵 hot, heat sweat|🥶 cold, freezing|🥴 woozy, drunk dizzy|😵 dizzy, dead
😵‍💫 spiral eyes, dizzy confused|🤯 mind blown, exploding head wow|🤠 cowboy|🥳 partying, birthday celebrate party|🥸 disguise, glasses|😎 cool, sunglasses|🤓 nerd, geek glasses|🧐 monocle, inspect
😕 confused, unsure|🫤 diagonal mouth, meh skeptical|😟 worried|🙁 slight frown, sad|☹️ frown, sad|😮 open mouth, surprised wow|😯 hushed, surprised|😲 astonished, wow shock
😳 flushed, embarrassed shy|🥺 pleading, please puppy eyes|🥹 holding back tears, touched|😦 frowning open mouth|😧 anguished|😨 fearful, scared|😰 anxious, nervous sweat|😥 sad but relieved
😢 crying, sad tear|😭 sobbing, cry sad|😱 scream, shock fear|😖 confounded|😣 persevering|😞 disappointed, sad|😓 downcast sweat, work|😩 weary, tired
😫 tired, exhausted|🥱 yawning, bored tired|😤 triumph, huff proud|😡 rage, angry mad|😠 angry, mad|🤬 swearing, cursing angry|😈 smiling devil, evil|👿 devil, evil angry
💀 skull, dead|☠️ skull and crossbones, danger pirate|💩 poop, shit|🤡 clown|👹 ogre, monster|👻 ghost, halloween boo|👽 alien, ufo|👾 space invader, game monster
🤖 robot, bot|😺 cat smile|😹 cat joy|😻 cat heart eyes|🙀 cat scream|😿 cat cry|😾 cat angry|🙈 see no evil, monkey
🙉 hear no evil, monkey|🙊 speak no evil, monkey|💌 love letter|💘 heart with arrow, cupid|💝 heart with ribbon, gift|💖 sparkling heart, love|💗 growing heart|💓 beating heart
💞 revolving hearts|💕 two hearts, love|💔 broken heart, sad|❤️ red heart, love like|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart
🩵 light blue heart|💜 purple heart|🖤 black heart|🤍 white heart|🤎 brown heart|🩷 pink heart|❤️‍🔥 heart on fire, passion|❤️‍🩹 mending heart, recover
💋 kiss mark, lips|💯 hundred, perfect score|💢 anger|💥 boom, collision explosion|💫 dizzy star|💦 sweat drops, water|💨 dash, fast wind|💤 zzz, sleep
💬 speech bubble, comment|💭 thought bubble|🗯️ anger bubble|🕳️ hole`;

/** Hands and people. */
export const people = `
👋 waving hand, hello hi bye wave|🤚 raised back of hand|🖐️ hand, five|✋ raised hand, stop high five|🖖 vulcan, spock|🫱 rightward hand|🫲 leftward hand|👌 ok, perfect
🤌 pinched fingers, italian|🤏 pinching, small tiny|✌️ victory, peace|🤞 crossed fingers, luck hope|🫰 finger heart, money|🤟 love you gesture|🤘 rock on, horns metal|🤙 call me, shaka
👈 point left|👉 point right|👆 point up|🖕 middle finger|👇 point down|☝️ index up, one|🫵 point at you|👍 thumbs up, like yes good ok +1
👎 thumbs down, dislike no bad -1|✊ fist, solidarity|👊 punch, fist bump|🤛 left fist|🤜 right fist|👏 clap, applause bravo|🙌 raised hands, hooray praise|🫶 heart hands, love
👐 open hands|🤲 palms up|🤝 handshake, deal agree|🙏 pray, please thanks hope|✍️ writing|💅 nail polish|🤳 selfie|💪 muscle, strong flex
🦾 mechanical arm|🦵 leg|🦶 foot|👂 ear, listen|👃 nose, smell|🧠 brain, smart|🫀 anatomical heart|🦷 tooth
👀 eyes, look see|👁️ eye|👅 tongue|👄 mouth, lips|🫦 biting lip|👶 baby|🧒 child|👦 boy
👧 girl|🧑 person|👱 blond person|👨 man|🧔 beard|👩 woman|🧓 older person|👴 old man, grandpa
👵 old woman, grandma|🙍 frowning person|🙎 pouting person|🙅 no gesture, forbidden|🙆 ok gesture|💁 tipping hand, info|🙋 raising hand, question me|🧏 deaf
🙇 bow, sorry thanks|🤦 facepalm, oh no|🤷 shrug, dunno whatever|🧑‍⚕️ health worker, doctor nurse|🧑‍🎓 student, graduate|🧑‍🏫 teacher|🧑‍⚖️ judge|🧑‍🌾 farmer
🧑‍🍳 cook, chef|🧑‍🔧 mechanic|🧑‍🏭 factory worker|🧑‍💼 office worker|🧑‍🔬 scientist|🧑‍💻 technologist, developer programmer coder|🧑‍🎤 singer|🧑‍🎨 artist
🧑‍✈️ pilot|🧑‍🚀 astronaut|🧑‍🚒 firefighter|👮 police|🕵️ detective, spy|💂 guard|🥷 ninja|👷 construction worker, builder
🫅 person with crown|🤴 prince|👸 princess|👳 turban|🧕 headscarf|🤵 tuxedo|👰 bride, veil|🤰 pregnant
🤱 breast feeding|👼 baby angel|🎅 santa, christmas|🤶 mrs claus|🦸 superhero|🦹 supervillain|🧙 mage, wizard|🧚 fairy
🧛 vampire|🧜 merperson, mermaid|🧝 elf|🧞 genie|🧟 zombie|🧌 troll|💆 massage|💇 haircut
🚶 walking|🧍 standing|🧎 kneeling|🏃 running, run|💃 dancing woman, dance party|🕺 dancing man, dance party|👯 people with bunny ears|🧖 sauna
🧗 climbing|🏇 horse racing|⛷️ skier, ski|🏂 snowboarder|🏌️ golf|🏄 surfing|🚣 rowing|🏊 swimming
⛹️ basketball player|🏋️ weight lifting, gym|🚴 cycling, bike|🚵 mountain biking|🤸 cartwheel|🤹 juggling|🧘 yoga, meditation|🛀 bath
🛌 in bed, sleep|👭 women holding hands|👫 couple holding hands|👬 men holding hands|💏 kissing couple|💑 couple with heart|👨‍👩‍👧 family|👪 family of three
🗣️ speaking head|👤 silhouette, user|👥 silhouettes, users group|🫂 hugging people|👣 footprints`;
