// Emoji by their shortcodes: a common set. An unknown shortcode stays as it was typed.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 joy 😂 rofl 🤣 slightly_smiling_face 🙂
upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 yum 😋 thinking_face 🤔 thinking 🤔
zipper_mouth_face 🤐 neutral_face 😐 expressionless 😑 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬
relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 face_with_monocle 🧐 nerd_face 🤓 sunglasses 😎 partying_face 🥳
confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 cry 😢 sob 😭
scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠 exploding_head 🤯 shrug 🤷
facepalm 🤦 robot_face 🤖 robot 🤖 ghost 👻 alien 👽 wave 👋 raised_hand ✋ raised_hands 🙌 clap 👏 pray 🙏 handshake 🤝
thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 ok_hand 👌 v ✌️ crossed_fingers 🤞 muscle 💪 point_left 👈 point_right 👉
point_up ☝️ point_up_2 👆 point_down 👇 eyes 👀 brain 🧠 speech_balloon 💬 thought_balloon 💭 writing_hand ✍️
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkling_heart 💖
tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 fire 🔥 rocket 🚀 zap ⚡ boom 💥 100 💯 trophy 🏆 medal 🏅
first_place_medal 🥇 dart 🎯 gift 🎁 balloon 🎈 birthday 🎂 crown 👑 gem 💎 bulb 💡 mag 🔍 mag_right 🔎 key 🔑
lock 🔒 unlock 🔓 closed_lock_with_key 🔐 shield 🛡️ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 hourglass ⌛
hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ watch ⌚ calendar 📆 date 📅 spiral_calendar_pad 🗓️ pushpin 📌
round_pushpin 📍 paperclip 📎 link 🔗 scissors ✂️ pencil 📝 memo 📝 pencil2 ✏️ lower_left_ballpoint_pen 🖊️
clipboard 📋 file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ page_facing_up 📄 page_with_curl 📃 scroll 📜
bookmark 🔖 bookmark_tabs 📑 books 📚 book 📖 open_book 📖 notebook 📓 ledger 📒 newspaper 📰 label 🏷️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 inbox_tray 📥 outbox_tray 📤 package 📦
email 📧 envelope ✉️ incoming_envelope 📨 mailbox 📫 telephone_receiver 📞 phone ☎️ iphone 📱 computer 💻
desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ toolbox 🧰
test_tube 🧪 microscope 🔬 telescope 🔭 satellite 📡 electric_plug 🔌 battery 🔋 money_with_wings 💸 moneybag 💰
dollar 💵 euro 💶 pound 💷 credit_card 💳 receipt 🧾 scales ⚖️ balance_scale ⚖️ classical_building 🏛️ office 🏢
bank 🏦 hospital 🏥 house 🏠 factory 🏭 construction 🚧 rotating_light 🚨 warning ⚠️ no_entry ⛔ no_entry_sign 🚫
octagonal_sign 🛑 stop_sign 🛑 x ❌ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ question ❓
grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️ information_source ℹ️ heavy_plus_sign ➕
heavy_minus_sign ➖ heavy_multiplication_x ✖️ recycle ♻️ arrows_counterclockwise 🔄 repeat 🔁 arrow_up ⬆️ arrow_down ⬇️
arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_forward ▶️ rewind ⏪ fast_forward ⏩
double_vertical_bar ⏸️ black_square_for_stop ⏹️ back 🔙 end 🔚 soon 🔜 new 🆕 free 🆓 up 🆙 ok 🆗 sos 🆘 red_circle 🔴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 blue_circle 🔵
large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨
large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛ white_small_square ▫️
black_small_square ▪️ small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷 large_orange_diamond 🔶
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣
triangular_flag_on_post 🚩 checkered_flag 🏁 white_flag 🏳️ earth_africa 🌍 globe_with_meridians 🌐 sunny ☀️
partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ snowflake ❄️ umbrella ☂️ rainbow 🌈 ocean 🌊 droplet 💧
seedling 🌱 evergreen_tree 🌲 deciduous_tree 🌳 four_leaf_clover 🍀 leaves 🍃 cherry_blossom 🌸 sunflower 🌻
coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 apple 🍎 hatching_chick 🐣 bird 🐦 dog 🐶 cat 🐱 bug 🐛 bee 🐝 snail 🐌
turtle 🐢 unicorn_face 🦄 whale 🐳 airplane ✈️ airplane_departure 🛫 airplane_arriving 🛬 ship 🚢 car 🚗 bike 🚲
compass 🧭 map 🗺️ world_map 🗺️ anchor ⚓ bust_in_silhouette 👤 busts_in_silhouette 👥 detective 🕵️ technologist 🧑‍💻
judge 🧑‍⚖️ office_worker 🧑‍💼 scientist 🧑‍🔬 female-office-worker 👩‍💼 male-office-worker 👨‍💼 baby 👶 family 👪
musical_note 🎵 headphones 🎧 microphone 🎤 studio_microphone 🎙️ camera 📷 movie_camera 🎥 art 🎨 jigsaw 🧩 puzzle_piece 🧩
game_die 🎲 crystal_ball 🔮 magnet 🧲 dna 🧬 pill 💊 syringe 💉 stethoscope 🩺 adhesive_bandage 🩹 fire_extinguisher 🧯
`;

const byName = new Map();
const words = TABLE.trim().split(/\s+/);
for (let at = 0; at < words.length; at += 2) byName.set(words[at], words[at + 1]);

/** The character for a shortcode, or null. Skin tones after "::" are left out. */
export const emojiFor = (name) => byName.get(name.split("::")[0]) || null;

/** Every known shortcode with its character. */
export const allEmoji = () => [...byName];

/** Text with its shortcodes replaced. */
export const withEmoji = (text) =>
  text.replace(/:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/g, (whole, name) => byName.get(name) || whole);

/** What people react with most. */
export const QUICK = ["thumbsup", "white_check_mark", "eyes", "tada", "heart", "pray", "thinking_face", "rocket"];
