// Emoji: animals and nature; food and drink. Each is followed by its name, and after a comma by more words that find it.

/** Animals, plants, weather. */
export const nature = `
🐵 monkey face|🐒 monkey|🦍 gorilla|🐶 dog face, puppy|🐕 dog|🐩 poodle|🐺 wolf|🦊 fox
🦝 raccoon|🐱 cat face, kitten|🐈 cat|🦁 lion|🐯 tiger face|🐅 tiger|🐆 leopard|🐴 horse face
🐎 horse, racing|🦄 unicorn|🦓 zebra|🦌 deer|🦬 bison|🐮 cow face|🐄 cow|🐷 pig face
🐖 pig|🐗 boar|🐑 sheep|🐐 goat|🐪 camel|🦙 llama|🦒 giraffe|🐘 elephant
🦏 rhino|🦛 hippo|🐭 mouse face|🐀 rat|🐹 hamster|🐰 rabbit face, bunny|🐇 rabbit, bunny|🐿️ chipmunk, squirrel
🦫 beaver|🦔 hedgehog|🦇 bat|🐻 bear|🐻‍❄️ polar bear|🐨 koala|🐼 panda|🦥 sloth, lazy slow
🦦 otter|🦨 skunk|🦘 kangaroo|🦡 badger|🐾 paw prints|🦃 turkey|🐔 chicken|🐓 rooster
🐣 hatching chick|🐤 baby chick|🐦 bird|🐧 penguin, linux|🕊️ dove, peace|🦅 eagle|🦆 duck|🦢 swan
🦉 owl, wise|🦩 flamingo|🦚 peacock|🦜 parrot|🐸 frog|🐊 crocodile|🐢 turtle, slow|🦎 lizard
🐍 snake, python|🐲 dragon face|🐉 dragon|🦕 dinosaur, sauropod|🦖 t rex, dinosaur|🐳 spouting whale|🐋 whale|🐬 dolphin
🦭 seal|🐟 fish|🐠 tropical fish|🐡 blowfish|🦈 shark|🐙 octopus|🐚 shell|🦀 crab, rust
🦞 lobster|🦐 shrimp|🦑 squid|🐌 snail, slow|🦋 butterfly|🐛 bug, caterpillar insect|🐜 ant|🐝 bee, honey
🪲 beetle|🐞 ladybug|🦗 cricket|🕷️ spider|🕸️ spider web|🦂 scorpion|🦟 mosquito|🪰 fly
🪱 worm|🦠 microbe, virus|💐 bouquet, flowers|🌸 cherry blossom, spring|🪷 lotus|🌹 rose, love flower|🥀 wilted flower|🌺 hibiscus
🌻 sunflower|🌼 blossom|🌷 tulip|🌱 seedling, grow|🪴 potted plant|🌲 evergreen, tree|🌳 tree|🌴 palm tree, beach
🌵 cactus|🌾 rice plant|🌿 herb|☘️ shamrock|🍀 four leaf clover, luck|🍁 maple leaf, autumn|🍂 fallen leaf, autumn|🍃 leaf in wind
🍄 mushroom|🌑 new moon|🌓 half moon|🌕 full moon|🌙 crescent moon, night|🌚 new moon face|🌝 full moon face|🌞 sun face
☀️ sun, sunny|🌤️ sun behind small cloud|⛅ sun behind cloud|☁️ cloud, cloudy|🌧️ rain|⛈️ thunderstorm|🌩️ lightning cloud|🌨️ snow cloud
❄️ snowflake, snow cold winter|☃️ snowman, winter|⛄ snowman without snow|🌬️ wind|🌪️ tornado|🌫️ fog|🌈 rainbow|☔ umbrella with rain
⚡ lightning, fast zap|🔥 fire, hot lit|💧 droplet, water|🌊 water wave, sea|⭐ star|🌟 glowing star|✨ sparkles, magic new|☄️ comet
🪐 planet, saturn|🌍 earth europe africa, world globe|🌎 earth americas, world globe|🌏 earth asia, world globe`;

/** Food and drink. */
export const food = `
🍏 green apple|🍎 apple|🍐 pear|🍊 tangerine, orange|🍋 lemon|🍌 banana|🍉 watermelon|🍇 grapes
🍓 strawberry|🫐 blueberries|🍈 melon|🍒 cherries|🍑 peach|🥭 mango|🍍 pineapple|🥥 coconut
🥝 kiwi|🍅 tomato|🍆 eggplant|🥑 avocado|🥦 broccoli|🥬 leafy green|🥒 cucumber|🌶️ hot pepper, spicy
🫑 bell pepper|🌽 corn|🥕 carrot|🫒 olive|🧄 garlic|🧅 onion|🥔 potato|🍠 sweet potato
🥐 croissant|🥯 bagel|🍞 bread|🥖 baguette|🥨 pretzel|🧀 cheese|🥚 egg|🍳 cooking, fried egg
🧈 butter|🥞 pancakes|🧇 waffle|🥓 bacon|🥩 steak, meat|🍗 poultry leg|🍖 meat on bone|🌭 hot dog
🍔 burger, hamburger|🍟 fries|🍕 pizza|🥪 sandwich|🥙 flatbread|🧆 falafel|🌮 taco|🌯 burrito
🥗 salad|🥘 paella, pan of food|🫕 fondue|🥫 canned food|🍝 spaghetti, pasta|🍜 noodles, ramen|🍲 stew, soup|🍛 curry
🍣 sushi|🍱 bento|🥟 dumpling|🍤 fried shrimp|🍙 rice ball|🍚 rice|🍘 rice cracker|🥠 fortune cookie
🥮 moon cake|🍢 oden|🍡 dango|🍧 shaved ice|🍨 ice cream bowl|🍦 soft ice cream|🥧 pie|🧁 cupcake
🍰 cake, shortcake|🎂 birthday cake|🍮 custard|🍭 lollipop|🍬 candy|🍫 chocolate|🍿 popcorn, movie|🍩 donut
🍪 cookie|🌰 chestnut|🥜 peanuts|🍯 honey|🥛 milk|🍼 baby bottle|☕ coffee, tea hot|🫖 teapot
🍵 green tea|🧃 juice box|🥤 cup with straw|🧋 bubble tea|🍶 sake|🍺 beer|🍻 cheers, beers|🥂 clinking glasses, champagne toast
🍷 wine|🥃 whisky|🍸 cocktail|🍹 tropical drink|🧉 mate|🍾 champagne, celebrate|🧊 ice|🥄 spoon
🍴 fork and knife|🍽️ plate, dinner|🥢 chopsticks|🧂 salt`;
