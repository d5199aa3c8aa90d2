"""Which words is every text full of?

By language (BCP 47): articles, prepositions, pronouns, conjunctions, auxiliary verbs, question
words. They are indexed and searched like all others; the lists keep them from being marked all over
a fragment, and tell languages apart (``detect.py``).
"""

_WORDS = {
    "en": """
        a an the this that these those
        about above after against among at before behind below between by down during except for
        from in inside into near of off on onto out outside over since than through to toward
        towards under until up upon via with within without
        and but if nor or so though although because while whereas as
        i me my we us our ours you your yours he him his she her hers it its they them their
        theirs myself ourselves yourself himself herself itself themselves
        who whom whose which what when where why how
        am is are was were be been being do does did doing have has had having
        can could may might must shall should will would
        no not all any both each few more other some such only same too very just
        there here then
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keiner an auf
        aus bei bis durch für gegen hinter in im ins am ans beim mit nach neben ohne seit über
        um unter von vom vor während wegen zu zum zur zwischen und oder aber denn sondern dass
        daß weil wenn ob als wie obwohl damit ich mich mir mein meine du dich dir dein er ihn
        ihm sein seine sie ihr ihre ihren ihrer es wir uns unser unsere man sich wer was wo wann
        warum welche welcher welches dieser diese dieses diesen diesem jeder jede jedes ist sind
        war waren bin sei wäre wird werden wurde wurden worden hat haben hatte hatten kann
        können konnte muss müssen soll sollen darf will nicht nur auch noch schon sehr so da
        dort hier dann mehr
    """,
    "fr": """
        le la les l un une des du de d au aux ce cet cette ces à dans par pour en vers avec sans
        sous sur entre chez depuis pendant contre avant après et ou mais donc or ni car que qu
        qui quoi dont où quand comment pourquoi quel quelle quels si comme lorsque puisque je j
        me m mon ma mes tu te t ton ta tes il elle on nous notre nos vous votre vos ils elles se
        s son sa ses leur leurs lui eux y est sont était étaient être été suis sera a ont avait
        avaient avoir eu peut peuvent doit fait ne n pas plus tout tous toute toutes aussi très
        bien même c cela ainsi
    """,
    "es": """
        el la los las lo un una unos unas al del de a ante bajo con contra desde durante en
        entre hacia hasta para por según sin sobre tras y e o u pero sino que porque si como
        cuando donde aunque mientras pues yo me mi mis tú te tu tus él ella ello le les nosotros
        nos nuestro nuestra ellos ellas se su sus este esta esto estos estas ese esa eso esos
        esas aquel quien quienes cual cuales qué cómo cuándo dónde es son era eran fue fueron
        ser sido está están estaba ha han había haber hay puede pueden debe no ni más muy
        también ya sólo todo todos toda todas otro otra
    """,
    "it": """
        il lo la i gli le l un uno una di a da in con su per tra fra del dello della dei degli
        delle al allo alla ai agli alle dal dalla dai nel nello nella nei nelle sul sulla sui e
        ed o ma se che perché come quando dove mentre anche però quindi io mi mio mia tu ti tuo
        lui lei ci noi vi voi loro si suo sua suoi sue questo questa questi queste quello quella
        quelli cui chi quale quali è sono era erano fu essere stato stata ha hanno aveva avere
        può possono deve non più molto tutto tutti già solo
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das em no na nos nas ao à aos às por pelo pela
        pelos pelas com sem sob sobre para entre até desde após contra e ou mas que se porque
        como quando onde embora pois eu me meu minha tu te ele ela nós nos você vocês eles elas
        lhe seu sua seus suas este esta isto esse essa isso aquele aquela quem qual quais cujo é
        são era eram foi foram ser sido está estão estava tem têm tinha ter há pode podem deve
        não mais muito também já só todo todos toda todas
    """,
    "nl": """
        de het een van in op aan bij met voor naar uit over door om te tot tegen tussen onder
        zonder na sinds tijdens en of maar want dat als omdat toen terwijl hoewel dan ik mij
        mijn jij je jou hij hem zijn zij ze haar wij we ons onze u uw hun hen zich men wie wat
        waar wanneer waarom hoe welke deze dit die is was waren ben bent wordt worden werd
        werden geworden heeft hebben had hadden kan kunnen kon moet moeten zal zullen zou niet
        geen ook nog wel meer zeer er daar hier
    """,
    "sv": """
        en ett den det de i på av till från med för om under över mellan genom utan vid efter
        mot hos och eller men att som när där medan eftersom så än jag mig min mitt du dig din
        han honom hans hon henne hennes vi oss vår ni er dem deras sig sin sitt sina man vem vad
        var varför hur vilken vilket detta denna dessa är var vara varit blir bli blev har hade
        ha kan kunde ska skulle måste inte ej också mycket mer bara alla här
    """,
    "da": """
        en et den det de i på af til fra med for om under over mellem gennem uden ved efter mod
        hos og eller men at som når hvor mens fordi så end jeg mig min mit du dig din han ham
        hans hun hende hendes vi os vor I jer dem deres sig sin sit sine man hvem hvad hvorfor
        hvordan hvilken dette denne disse er var være været bliver blive blev har havde have kan
        kunne skal skulle må ikke også meget mere kun alle her der
    """,
    "no": """
        en et ei den det de i på av til fra med for om under over mellom gjennom uten ved etter
        mot hos og eller men at som når hvor mens fordi så enn jeg meg min mitt du deg din han
        ham hans hun henne hennes vi oss vår dere dem deres seg sin sitt sine man hvem hva
        hvorfor hvordan hvilken dette denne disse er var være vært blir bli ble har hadde ha kan
        kunne skal skulle må ikke også mye mer bare alle her der
    """,
    "fi": """
        ja tai sekä mutta että jos kun koska vaikka kuin eli minä minun sinä hän hänen me meidän
        te he heidän se sen sitä siitä ne niiden tämä tämän tätä nämä tuo joka jonka jota jotka
        joiden mikä mitä kuka missä milloin miksi miten on ovat oli olivat ole olla ollut ei
        eivät en voi voivat myös vain niin nyt sitten jo vielä hyvin kaikki kanssa ennen jälkeen
        mukaan
    """,
    "hu": """
        a az egy és vagy de hogy ha mert mint amikor ahol aki ami amely amelyek
        én te ő mi ti ők ez azt ezt ezek azok neki nem is csak még már meg el ki be le fel
        van vannak volt voltak lesz lenne lehet kell nagyon minden után előtt között alatt szerint
        által után való olyan így úgy
    """,
    "pl": """
        i w we na z ze do od o po przy za nad pod przed między dla bez przez u oraz lub albo ale
        a że żeby aby gdy kiedy jeśli ponieważ jak niż czy ja mnie mój ty ciebie on jego jemu
        ona jej my nas nasz wy oni ich im się sobie swój ten ta to te tego tej tych tym który
        która które których którego kto co gdzie dlaczego jest są był była było były być będzie
        ma mają może mogą nie już tylko także też bardzo tak
    """,
    "cs": """
        a i v ve na z ze do od o po při za nad pod před mezi pro bez u k ke s se nebo ale že aby
        když jestli protože jak než či já mě můj ty on jeho jemu ona její my nás náš vy oni
        jejich jim si svůj ten ta to ty toho té těch tím který která které kterého kdo co kde
        kdy proč je jsou byl byla bylo byli být bude má mají může mohou není ne již jen také
        velmi tak
    """,
    "sk": """
        a i v vo na z zo do od o po pri za nad pod pred medzi pre bez u k ku s so sa alebo ale
        že aby keď ak pretože ako než či ja ma môj ty on jeho jemu ona jej my nás náš vy oni ich
        im si svoj ten tá to tí toho tej tých tým ktorý ktorá ktoré ktorého kto čo kde kedy
        prečo je sú bol bola bolo boli byť bude má majú môže môžu nie už len tiež veľmi tak
    """,
    "sl": """
        in v na z s do od o po pri za nad pod pred med brez iz k ali pa ker da ko če kot kakor
        jaz moj ti on njegov ona njen mi nas naš vi oni njih njihov se svoj ta to ti tega te teh
        tem ki kateri katera kdo kaj kje kdaj zakaj je so bil bila bilo bili biti bo ima imajo
        lahko ne ni že le tudi zelo tako
    """,
    "hr": """
        i u na s sa iz do od o po pri za nad pod pred između bez k ka kod ili ali da jer ako kad
        kada kao nego te ja moj ti on njegov ona njezin mi nas naš vi oni njih njihov se svoj
        taj ta to tog te tih tim koji koja koje kojih kojeg tko što gdje zašto je su bio bila
        bilo bili biti će ima imaju može mogu ne nije već samo također vrlo tako
    """,
    "ro": """
        un o unei unui ale al a ai de la în din pe cu pentru prin despre între fără sub către
        după și sau dar că dacă când unde cum deoarece deși iar eu mă meu tu te el îl lui ea ei
        noi ne voi vă ele se său sa lor acest această acestei aceste acestui acel care cine ce
        este sunt era erau fost fi fie are au avea poate pot trebuie nu mai foarte tot toate
        și-a
    """,
    "tr": """
        ve veya ya da de ama fakat ancak çünkü eğer ki ile için gibi kadar göre sonra önce ben
        benim sen o onun biz bizim siz onlar onların bu şu bunun kendi kim ne nerede neden nasıl
        hangi bir her bazı tüm bütün çok daha en olarak olan olduğu oldu olduğunu idi ise var
        yok değil
    """,
    "id": """
        yang dan di ke dari pada dengan untuk oleh dalam sebagai tentang antara tanpa sejak
        atau tetapi bahwa jika ketika karena sehingga
        saya aku kami kita anda dia ia mereka nya ini itu tersebut siapa apa mana mengapa bagaimana
        adalah akan telah sudah dapat bisa harus tidak bukan juga lebih sangat semua para
    """,
    "ca": """
        el la els les l un una uns unes de d del dels a al als en amb per pel pels sense sobre
        entre des fins i o però que perquè si com quan on mentre ni jo em meu tu et ell ella li
        nosaltres ens vostè ells elles es seu seva aquest aquesta això aquests qui què qual
        quals és són era eren va van ser estat està ha han havia haver hi pot poden no més molt
        també ja només tot tots
    """,
    "eu": """
        eta edo baina ere ez da dira zen ziren du dute zuen zuten izan dago daude egin bat
        batzuk hau hori hura haren horren honen bere zer nor non noiz nola baino beste oso arte
        bezala ondoren
    """,
    "ga": """
        an na agus nó ach go le ar i in de do faoi ó roimh chun idir gan is tá bhí níl ní a mé
        tú sé sí sinn sibh siad mo seo sin cé cad conas cá nuair má freisin
    """,
    "et": """
        ja või aga et kui sest nagu ning ehk ka mina ma sina tema ta meie me teie nad nende see
        selle seda need kes mis mida kus millal miks kuidas on oli olid olema ole ei pole oma
        üks ainult väga siis juba pärast enne kõik poolt
    """,
    "lt": """
        ir ar bet kad jei nes kaip o arba su be į iš nuo iki prie per už ant po apie tarp dėl
        aš mano tu jis jo ji jos mes jie jų šis ši šio tai tas kuris kuri kurie kas kur kada kodėl
        yra buvo būti bus turi gali ne nėra tik taip pat labai jau visi savo
    """,
    "lv": """
        un vai bet ka ja jo kā ar bez no līdz pie uz par pēc starp
        es mans tu viņš viņa mēs jūs viņi šis šī tas tā kas kur kad kāpēc kurš kura
        ir bija būt tika tiek nav ne tikai arī ļoti jau visi savu
    """,
    "eo": """
        la kaj aŭ sed ke se ĉar kiel de al en el sur sub kun sen por per pri inter mi vi li ŝi
        ĝi ni ili oni sia tiu tio tiuj kiu kio kie kiam kial estas estis esti havas povas ne nur
        ankaŭ tre jam ĉiuj pli
    """,
    "vi": """
        và của là có được trong cho các những một này đó với không người từ khi đã để theo như về ở
        ra vào cũng nhưng hoặc nếu thì tại bởi sẽ đến
    """,
    "ru": """
        и в во на с со к ко из от до по о об за под над перед между для без при через у или но а
        что чтобы если когда потому как чем ли же я меня мой ты он его ему она её ее ей мы нас
        наш вы они их им себя свой этот эта это эти того той тех тем который которая которые
        которых кто где почему был была было были быть есть будет может могут не нет уже только
        также очень так все всех
    """,
    "uk": """
        і й та в у на з із зі до від по про за під над перед між для без при через або але що
        щоб якщо коли тому як ніж чи же я мене мій ти він його йому вона її ми нас наш ви вони
        їх їм себе свій цей ця це ці того тієї тих тим який яка які яких хто де чому є був була
        було були бути буде може можуть не вже лише також дуже так всі
    """,
    "bg": """
        и в във на с със към из от до по за под над пред между без при през у
        или но а че да ако когато защото как от ли
        аз мен мой ти той го му тя я ние нас наш вие те ги им се си свой този тази това тези който
        която което които кой какво къде защо
        е са бил била било били бъде беше ще има може не вече само също много така всички
    """,
    "sr": """
        и у на с са из до од о по при за над под пред између без к ка код или али да јер ако кад
        када као него те ја мој ти он његов она њен ми нас наш ви они њих њихов се свој тај та
        то тог тих тим који која које којих ко шта где зашто је су био била било били бити ће
        има може не није већ само такође врло тако
    """,
    "el": """
        ο η το οι τα του της των τον την τους τις ένας μια ένα σε στο στη στην στον στα στις από
        με για προς κατά μετά χωρίς μέχρι και ή αλλά ότι αν όταν γιατί όπως που πως να εγώ μου
        εσύ σου αυτός αυτή αυτό αυτού εμείς μας εσείς σας αυτοί τι ποιος πού είναι ήταν έχει
        έχουν είχε θα δεν μην πολύ επίσης μόνο όλα
    """,
    "ar": """
        في من إلى على عن مع بعد قبل بين حتى منذ عند خلال تحت فوق دون
        و أو ثم لكن أن إن إذا لأن كما حيث بل
        أنا أنت هو هي نحن هم هذا هذه ذلك تلك هؤلاء التي الذي الذين اللتي ما ماذا أين متى كيف
        كان كانت يكون تكون قد لم لن لا ليس غير كل بعض أي
    """,
    "fa": """
        و در به از که این آن را با برای است بود شد شده می ها های یک تا بر هم نیز یا اما اگر چه چون
        هر خود من تو او ما شما آنها ایشان بوده باشد کرد کرده شود دارد داشت نمی پس دیگر همه
    """,
    "he": """
        של את על עם אל מן בין לפני אחרי עד כי או גם אבל אם כאשר אשר כמו
        אני אתה הוא היא אנחנו הם זה זו זאת אלה מי מה איפה מתי למה
        היה היתה היו יש אין לא כל רק מאוד יותר לו לה להם
    """,
    "yi": """
        די דער דאָס דעם אַ אַן אין אויף פון פֿון מיט צו פאַר פֿאַר ביי ביז נאָך און אָדער אָבער
        אַז ווי ווען איך דו ער זי עס מיר איר זיי זיך איז זענען געווען האָט האָבן ניט נישט אויך
        וואָס וועלכע
    """,
    "hi": """
        का की के में है हैं को से पर और या लेकिन कि यदि जब क्योंकि जैसे तो ने था थी थे हो होता
        होती कर करने किया गया गई यह वह ये वे इस उस इन उन मैं हम आप अपने कौन क्या कहाँ कब क्यों
        जो नहीं भी ही तक लिए साथ एक सभी बहुत
    """,
    "ne": """
        को का की मा ले लाई बाट र वा तर कि यदि छ छन् थियो थिए हो हुन् भएको भयो गर्ने गरेको यो
        त्यो यी ती म हामी तपाईं उनी उनको आफ्नो के कहाँ कहिले किन जो पनि नै सम्म लागि साथ एक सबै
        धेरै
    """,
    "ta": """
        ஒரு மற்றும் அல்லது ஆனால் என்று என்ற என இந்த அந்த இது அது இவை அவை நான் நாம் நீ அவர் அவன்
        அவள் அவர்கள் எந்த என்ன எங்கே எப்போது ஏன் உள்ள உள்ளது இருந்து கொண்டு வரை மீது கீழ்
        பின்னர் மேலும் ஆகும் இல்லை மிகவும்
    """,
    "hy": """
        և եւ ու կամ բայց որ եթե երբ ինչպես քան է են էր էին եմ մեջ վրա հետ համար մասին առանց մինչև
        ես դու նա մենք դուք նրանք իր այս այդ այն սա դա ով ինչ որտեղ չի ոչ նաև միայն շատ բոլոր
    """,
}

STOP_WORDS = {tag: tuple(words.split()) for tag, words in _WORDS.items()}
