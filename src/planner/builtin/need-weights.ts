/** Made by bench/train-need.ts. `feature:weight` in hundredths, parted by `|`; above 0 speaks for a database. */
export const NEED_WEIGHTS =
  '#against 0:165|#against 1:-83|#against 2:-57|#against 3:-35|#against 4:9|#for 0:-80|#for 1:19|#for 3:36|' +
  '#for 4:16|#for 6:6|#known product:105|#middling:-39|#more against:-149|#more for:149|#short:38|+crud:5|' +
  '+database:112|+history:53|+keep:43|+manage:58|+platform:15|+shortener:15|+social:8|-browser:-14|-calculate:-68|' +
  '-convert:-50|-denied:-41|-format:-71|-game:-8|-generate:-64|-pass on:-60|-static:-58|-validate:-38|ability:5|' +
  'about:-6|account:-2|acros:10|add:3|added:-2|addres:-9|agent:25|algorithm:-3|all:10|allow:-6|also:-11|amount:2|' +
  'and:54|anoth:-8|any:7|api:-11|app:-34|applicat:7|ask:-15|auth:-10|authenticat:20|availabl:7|aw:-18|backend:32|' +
  'bank:4|basic:-16|been:5|board:8|boilerplat:3|book:-19|bot:34|both:-12|brows:5|build:19|built:32|but:-14|' +
  'calculat:-14|can:6|car:-2|card:-12|case:-4|charity:7|chat:15|check:-14|choos:6|clerk:13|clinic:7|code:20|' +
  'collect:-2|color:8|complexity:-14|convers:3|convert:-8|coordinat:5|could:-3|count:-6|creat:-51|cron:-8|crud:-8|' +
  'csv:-2|current:-5|databas:17|date:-23|decod:-4|delivery:9|demonstrat:31|deploy:-10|design:6|detect:-2|' +
  'determin:-4|develop:-3|devic:-3|different:9|digital:-10|display:-19|distanc:-14|divid:6|dynamodb:5|each:16|' +
  'edge:-5|eith:3|email:-5|encod:-4|encor:52|end:2|endpoint:5|enter:-22|environ:-6|event:-13|every:17|exampl:47|' +
  'exchang:-9|experienc:-3|expres:-3|fan:32|featur:11|few:6|file:16|financial:2|find:-27|first:-10|follow:-7|' +
  'for:11|form:-36|forward:-10|framework:28|free:-6|from:-8|full:22|funct:-44|functionality:18|game:-2|gateway:-6|' +
  'generat:4|get:3|github:-16|given:-14|goal:3|graph:-15|great:-11|guide:-3|handl:18|has:-3|head:-2|height:-2|' +
  'hello:-2|help:6|history:8|how:-35|html:-12|http:6|image:-19|implement:-23|includ:13|informat:-4|input:-4|' +
  'integ:-17|interest:-4|interval:-4|into:-13|iot:-9|it:-10|item:3|javascript:-9|job:-2|json:-6|jwt:-8|keep:20|' +
  'key:-6|lambda:-20|languag:2|learn:-4|let:3|level:2|library:13|like:23|link:-11|list:6|loan:-5|local:-9|locat:9|' +
  'log:14|loop:-5|maintain:8|manag:12|many:-4|may:-4|mean:2|measur:6|meet:-9|memb:-7|messag:-31|mind:19|more:-26|' +
  'multipl:8|must:7|name:-4|need:-20|new:-16|next:-4|node:-12|nodej:-35|not:10|note:-6|noth:-8|numb:-13|' +
  'objectiv:-13|one:-18|only:-6|open:7|openwhisk:-8|operat:11|orm:6|other:-16|out:14|output:-17|over:10|packag:-3|' +
  'page:-12|pars:-2|part:7|password:-2|pattern:28|platform:18|point:-3|positiv:-4|possibl:-4|post:-7|powerful:17|' +
  'practic:-4|present:9|problem:-12|proces:31|product:22|program:-22|project:-5|property:-6|protect:5|provid:-13|' +
  'proxy:-6|purpos:-8|python:6|random:-11|rate:-10|raw:10|read:7|ready:24|regist:2|rely:-4|render:-2|requir:6|' +
  'rest:18|restful:5|result:-2|return:-19|rule:-8|run:-7|same:3|save:-10|schedul:-8|screen:-3|sdk:-9|search:9|' +
  'secur:34|send:-9|sequenc:-9|serv:-16|serverles:29|servic:-29|set:-3|setup:17|shar:4|shop:4|should:-17|show:-19|' +
  'sign:-34|simpl:-13|singl:-21|site:13|solve:-4|some:-17|speech:-17|speed:-6|start:-4|state:-3|stay:-4|step:-8|' +
  'storag:-7|stream:-9|sub:29|such:-2|system:45|take:-6|tax:5|temperatur:-3|templat:-6|test:-5|text:-10|that:-52|' +
  'the:-54|their:7|them:-9|then:-6|there:-4|thing:-5|this:-23|through:-5|time:-8|title:3|togeth:-10|tool:7|' +
  'track:18|translat:-4|trig:-11|try:-8|two:2|type:-4|typescript:9|understand:-4|upload:-4|url:-12|use:-10|' +
  'used:-11|useful:3|user:6|using:55|utiliz:10|validat:-3|value:-7|view:8|way:-16|weath:8|web:-18|webhook:14|' +
  'websit:-6|weight:-4|what:-6|when:-38|where:17|which:-21|while:-7|will:-27|with:36|without:-21|word:-5|would:-3|' +
  'you:-5|your:7';
