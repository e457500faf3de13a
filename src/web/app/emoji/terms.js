// Words of other languages that find emoji: beginnings of them, with the English word that stands in the lists.

/** @type {Record<string, string>} */
export const terms = Object.fromEntries(`
笑 smile|哈 laugh|哭 cry|泪 tear|爱 love|心 heart|吻 kiss|亲 kiss|生气 angry|怒 angry|伤心 sad|难过 sad|惊 surprised|怕 scared|想 thinking|睡 sleep|累 tired|病 sick|酷 cool|害羞 shy|尴尬 awkward
赞 thumbs up|好 good|棒 thumbs up|踩 thumbs down|鼓掌 clap|谢 thanks|请 please|拜 wave|你好 hello|再见 bye|握手 handshake|加油 strong|拳 fist|眼 eyes|人 person|男 man|女 woman|家 family|跳舞 dance|跑 run
狗 dog|猫 cat|熊 bear|鸟 bird|鱼 fish|马 horse|猪 pig|牛 cow|虎 tiger|龙 dragon|蛇 snake|兔 rabbit|鼠 mouse|羊 sheep|鸡 chicken|花 flower|树 tree|太阳 sun|月 moon|星 star|雨 rain|雪 snow|火 fire|水 water|彩虹 rainbow
苹果 apple|水果 apple|饭 rice|面 noodles|肉 meat|蛋糕 cake|咖啡 coffee|茶 tea|啤酒 beer|酒 wine|干杯 cheers|冰 ice|糖 candy|生日 birthday|礼物 gift|庆祝 celebrate|恭喜 congratulations|派对 party|红包 red envelope|圣诞 christmas
球 ball|音乐 music|游戏 game|电影 movie|车 car|飞机 airplane|火箭 rocket|火车 train|船 ship|房 house|学校 school|钱 money|电脑 computer|手机 phone|书 book|笔 pen|钟 clock|锁 lock|钥匙 key|灯 light|药 medicine
对 check|错 wrong|不 no|是 yes|问 question|警告 warning|新 new|旗 flag|中国 china|俄罗斯 russia|美国 america|日本 japan|韩国 korea
улыб smile|смех laugh|сме laugh|ржу lol|плач cry|слез tear|груст sad|печал sad|любов love|любл love|сердц heart|поцел kiss|зло angry|злой angry|удив surprised|страх scared|испуг scared|дума thinking|спать sleep|сон sleep|устал tired
болен sick|круто cool|стыд embarrassed|палец thumbs|лайк like|хорош good|да yes|нет no|дизлайк dislike|хлоп clap|аплод applause|спасиб thanks|пожал please|привет hello|пока bye|сила strong|кулак fist|глаз eyes|человек person
мужчин man|женщин woman|семь family|танец dance|танц dance|бег run|собак dog|кот cat|кош cat|медвед bear|птиц bird|рыб fish|лошад horse|свин pig|коров cow|тигр tiger|дракон dragon|змея snake|заяц rabbit|мыш mouse|цвет flower|роза rose
дерев tree|ёлк christmas|елк christmas|солнц sun|луна moon|звезд star|дожд rain|снег snow|огонь fire|вода water|радуг rainbow|яблок apple|рис rice|мясо meat|торт cake|кофе coffee|чай tea|пиво beer|вино wine|лёд ice|конфет candy
день birthday|рожден birthday|подар gift|праздн celebrate|поздрав congratulations|вечерин party|рождеств christmas|мяч ball|футбол football|музык music|игр game|кино movie|машин car|самол airplane|ракет rocket|поезд train|корабл ship|дом house
школ school|деньг money|компьютер computer|телефон phone|книг book|ручк pen|час clock|замок lock|ключ key|ламп light|идея idea|лекарств medicine|готово done|ошибк wrong|вопрос question|внимани warning|новый new|флаг flag|росси russia|китай china|сша america`
  .split(/[\n|]/).filter(Boolean).map((line) => {
    const at = line.indexOf(" ");
    return [line.slice(0, at), line.slice(at + 1)];
  }));
