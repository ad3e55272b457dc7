/** Made by bench/train-need.ts. `feature:weight` in hundredths, parted by `|`; above 0 speaks for a database. */
export const NEED_WEIGHTS =
  '#against 0:109|#against 1:-56|#against 2:-41|#against 3:-45|#as much:-20|#for 0:-106|#for 1:27|#for 2:5|' +
  '#for 3:49|#for 4:-4|#for 6:7|#known product:126|#long:-14|#middling:-39|#more against:-114|#more for:114|' +
  '#short:32|+accounts:2|+commerce:22|+crud:6|+database:143|+keep:59|+manage:63|+people:18|+platform:35|' +
  '+shortener:25|-browser:-15|-calculate:-75|-convert:-23|-denied:-59|-format:-49|-game:-18|-generate:-54|' +
  '-pass on:-70|-static:-26|-validate:-42|ability:5|able:21|about:-6|acces:9|achiev:-5|acros:15|ad:-3|add:2|' +
  'added:-3|addres:-16|agent:22|algorithm:-4|all:5|allow:3|also:-8|analysis:-4|and:49|anoth:-8|any:-12|api:-31|' +
  'app:-48|applicat:-23|apply:-2|ask:-13|assign:-10|auth:-12|authenticat:12|automatically:19|availabl:6|aw:-18|' +
  'azure:-11|backend:47|background:23|bank:-4|based:6|basic:-5|been:4|below:-4|bias:-20|blue:-6|board:14|book:-9|' +
  'bot:26|both:-10|build:4|built:28|but:-14|calculat:-16|can:3|canvas:5|car:-2|card:-13|case:-9|category:9|' +
  'certain:-11|charity:3|chat:-10|check:-12|clean:9|clerk:11|clinic:13|cloudflar:-17|code:14|color:11|company:4|' +
  'complet:11|complexity:-10|component:24|condit:-8|contain:-7|content:11|convers:-20|convert:-6|coordinat:3|' +
  'correspond:2|could:-3|creat:-46|cron:-9|crud:-6|csv:-4|currency:7|current:-3|custom:9|customiz:14|dark:8|' +
  'databas:25|date:-13|datum:4|decod:-4|defin:-4|delivery:20|demonstrat:29|deploy:-3|design:8|detect:-13|' +
  'determin:-5|develop:-7|devic:-2|different:16|digital:-12|display:-28|distanc:-9|divid:5|download:-3|dynamodb:5|' +
  'each:12|edge:-4|edit:9|el:-8|email:-4|employ:6|encod:-4|encor:47|endpoint:-8|enter:-19|environ:-7|etc:-3|' +
  'even:-5|event:-27|every:27|exampl:38|exchang:-19|expens:2|experienc:-3|expres:-3|fan:32|featur:7|few:3|file:17|' +
  'filt:-5|filter:-6|financial:11|find:-32|first:-12|follow:-9|for:22|form:-26|format:2|forward:-12|framework:24|' +
  'free:-5|from:-17|full:17|funct:-47|functionality:22|game:-4|gateway:-4|generat:-20|github:-16|given:-11|' +
  'global:3|goal:2|goldenrod:7|graph:-10|gray:8|great:-9|guide:-3|handl:22|head:-2|height:-2|help:7|history:14|' +
  'house:3|how:-34|html:-23|http:7|image:-28|impl:23|implement:-23|important:-3|includ:25|informat:8|input:11|' +
  'integ:-12|interest:-5|interfac:7|interval:-3|into:-11|iot:-7|it:-13|javascript:-10|join:2|json:-8|jwt:-14|' +
  'keep:36|key:-5|lambda:-17|languag:-9|leaderboard:9|learn:-6|let:2|library:11|light:3|like:18|link:-7|list:10|' +
  'llm:-8|loan:-6|local:-8|locat:8|log:29|login:-10|loop:-6|maintain:6|make:-5|manag:15|many:-3|markdown:-2|' +
  'match:-4|may:-7|measur:8|meet:-9|memb:-9|messag:-31|mind:17|mood:2|more:-20|multipl:5|must:4|name:3|nativ:5|' +
  'navy:10|need:-25|new:-12|next:-2|node:-11|nodej:-32|note:-8|noth:-10|notificat:-14|numb:-16|objectiv:-15|' +
  'one:-16|only:-14|open:5|openwhisk:-7|operat:9|opportunity:3|order:4|orm:5|other:-17|out:9|output:-11|over:7|' +
  'own:6|packag:-3|page:-9|pars:-3|part:5|password:-2|path:-4|pattern:25|pay:-5|person:3|personal:2|photo:-8|' +
  'platform:23|pleas:14|point:21|positiv:-4|possibl:-3|post:-7|power:-26|powerful:16|practic:-2|present:6|' +
  'preview:4|price:7|problem:-8|proces:28|product:26|program:-6|project:-5|property:-16|protect:4|provid:-10|' +
  'proxy:-10|publish:5|purpos:-11|python:5|query:-8|quickly:-3|random:-12|rate:-20|raw:8|react:-3|read:17|' +
  'ready:21|real:11|receiv:4|record:10|red:2|rely:-5|render:-2|report:15|requir:13|rest:17|restful:5|result:-7|' +
  'return:-26|route:-5|rule:-7|run:-7|same:2|save:-9|schedul:-9|sdk:-8|search:10|secur:30|see:-2|select:18|' +
  'send:-22|sequenc:-10|serv:-14|serverles:29|servic:-22|ses:3|set:7|setup:14|shar:9|shop:7|shorten:-9|should:3|' +
  'show:-17|showcas:2|sign:-27|simpl:-39|simulat:-2|since:-5|singl:-20|site:23|slack:-19|solve:-5|some:-15|' +
  'specific:-3|speech:-10|speed:-4|sql:7|state:3|stateles:-6|static:-6|statistic:-5|status:-12|stay:-3|step:-11|' +
  'storag:-6|store:-3|str:-3|stream:-8|sub:26|such:-4|system:52|take:-7|tax:4|team:-9|temperatur:-4|templat:4|' +
  'test:-5|text:-18|that:-21|the:-44|their:9|them:-2|then:-4|there:-5|thing:-2|this:-28|through:-4|time:-5|' +
  'togeth:-9|tool:5|topic:9|track:19|translat:-35|trig:-10|try:-8|typescript:9|understand:-4|url:-7|use:-20|' +
  'used:-14|user:18|using:55|utiliz:6|validat:-4|value:-8|via:-15|view:2|visibl:15|visit:17|way:-15|weath:3|' +
  'web:-18|webhook:8|websit:8|weight:-17|what:-9|when:-35|where:16|which:-13|while:-7|white:23|will:-20|win:-3|' +
  'with:36|without:-22|word:-4|work:-31|would:-5|you:-10|your:5';
