/** Made by bench/train-need.ts. `feature:weight` in hundredths, parted by `|`; above 0 speaks for a database. */
export const NEED_WEIGHTS =
  '#against 0:110|#against 1:-55|#against 2:-42|#against 3:-49|#as much:-27|#for 0:-108|#for 1:28|#for 2:3|' +
  '#for 3:49|#for 4:-6|#for 6:8|#known product:126|#long:-13|#middling:-42|#more against:-109|#more for:113|' +
  '#short:31|+commerce:26|+crud:6|+database:153|+keep:63|+manage:67|+people:19|+platform:39|+shortener:25|' +
  '-browser:-13|-calculate:-82|-convert:-23|-denied:-63|-format:-46|-game:-14|-generate:-67|-pass on:-74|' +
  '-static:-24|-validate:-45|ability:5|able:22|about:-7|acces:10|achiev:-5|acros:16|ad:-3|add:3|added:-3|' +
  'addres:-18|agent:23|algorithm:-4|allow:2|also:-10|analysis:-4|and:50|anoth:-9|any:-12|api:-40|app:-47|' +
  'applicat:-23|ask:-13|assign:-10|auth:-12|authenticat:12|automatically:19|availabl:7|aw:-17|azure:-12|' +
  'backend:50|background:23|bank:7|based:6|basic:-5|been:4|below:-4|between:-4|bias:-23|blue:-6|board:16|book:-11|' +
  'bot:27|both:-10|build:5|built:31|but:-14|calculat:-18|canvas:6|car:-2|card:-12|case:-9|category:9|certain:-11|' +
  'charity:3|chat:-11|check:-13|clean:4|clerk:11|cloudflar:-18|code:5|collect:3|color:8|com:16|company:4|' +
  'complet:11|complexity:-10|component:24|condit:-8|contain:-8|content:11|convers:-19|convert:-6|coordinat:4|' +
  'could:-3|count:-14|creat:-51|cron:-10|crud:-5|csv:-4|currency:6|current:-4|custom:8|customiz:14|dark:7|' +
  'databas:26|date:-7|datum:3|decod:-3|defin:-5|delivery:20|demonstrat:32|deploy:-3|design:3|detect:-12|' +
  'determin:-5|develop:-8|devic:-2|different:17|digital:-11|display:-29|distanc:-9|divid:5|download:-3|dynamodb:5|' +
  'each:8|edge:-4|edit:4|eith:2|el:-8|email:-4|employ:6|encod:-4|encor:50|endpoint:-7|enter:-19|environ:-6|etc:-3|' +
  'even:-5|event:-28|every:27|exampl:39|exchang:-8|expens:2|experienc:-3|expres:-3|featur:5|few:4|file:17|filt:-5|' +
  'filter:-6|financial:10|find:-31|first:-12|follow:-9|for:25|form:-26|format:4|forward:-13|framework:25|free:-6|' +
  'from:-7|full:13|funct:-43|functionality:19|game:-4|gateway:-4|generat:-10|get:-2|github:-17|given:-11|global:3|' +
  'goal:2|goldenrod:6|graph:-9|gray:3|great:-9|guide:-4|handl:22|head:-3|height:-2|help:8|history:15|house:3|' +
  'how:-36|html:-24|http:8|image:-29|impl:23|implement:-24|important:-3|includ:26|informat:9|input:11|integ:-12|' +
  'interest:-5|interfac:3|interval:-3|into:-13|iot:-7|it:-14|javascript:-10|join:2|json:-7|jwt:-15|keep:36|key:-5|' +
  'lambda:-16|languag:-9|learn:-7|let:2|library:10|light:3|like:15|link:-7|list:15|llm:-9|local:-8|locat:8|log:29|' +
  'login:-10|loop:-6|maintain:6|make:-10|manag:15|many:-3|markdown:-2|match:-4|may:-8|measur:8|meet:-9|messag:-32|' +
  'might:-2|mind:17|mood:2|more:-21|must:3|name:3|nativ:5|navy:10|need:-24|new:-12|next:-2|node:-11|nodej:-33|' +
  'not:-2|note:-8|noth:-11|notificat:-14|numb:-15|objectiv:-15|one:-16|only:-18|open:5|openwhisk:-7|operat:10|' +
  'opportunity:4|order:3|orm:6|other:-18|out:11|output:-11|over:3|own:6|packag:-3|page:-22|pars:-4|part:5|' +
  'password:-2|path:-4|pattern:28|pay:-7|person:3|personal:2|photo:-7|platform:24|pleas:14|point:10|positiv:-5|' +
  'possibl:-3|post:-7|power:-28|powerful:16|practic:-2|present:6|preview:4|price:7|problem:-7|proces:31|' +
  'product:26|profil:2|program:-20|project:-5|property:-16|protect:4|provid:-9|proxy:-10|publish:5|purpos:-12|' +
  'python:5|query:-8|quickly:-3|random:-12|rate:-10|raw:8|react:-3|read:19|ready:21|real:9|receiv:4|record:10|' +
  'red:2|rely:-5|render:-2|report:15|requir:13|rest:19|restful:5|result:-6|return:-10|revers:-2|review:2|route:-6|' +
  'rule:-7|run:-8|save:-8|schedul:-10|sdk:-8|search:7|secur:30|see:-2|select:18|send:-23|sequenc:-10|serv:-15|' +
  'serverles:32|servic:-9|ses:3|set:7|setup:15|shar:10|shop:8|should:5|show:-18|showcas:2|sign:-19|simpl:-43|' +
  'simulat:-2|since:-4|singl:-18|site:25|slack:-20|solve:-5|some:-16|specific:-2|speed:-4|state:4|stateles:-6|' +
  'static:-5|statistic:-6|status:-12|stay:-3|step:-11|storag:-5|store:-4|str:-3|stream:-9|sub:29|such:-4|' +
  'system:55|take:-7|tax:4|team:-9|temperatur:-4|templat:4|test:-5|text:-14|that:-10|the:-34|their:9|them:-2|' +
  'then:-5|there:-5|thing:-2|this:-33|through:-4|time:-9|timer:-2|title:-6|togeth:-9|tool:5|topic:9|track:20|' +
  'translat:-34|trig:-11|try:-9|typescript:9|una:17|understand:-4|upload:10|use:-20|used:-15|user:15|using:56|' +
  'utiliz:6|validat:-4|value:-9|via:-15|view:2|visibl:11|way:-15|weath:3|web:-18|webhook:7|websit:9|weight:-17|' +
  'what:-9|when:-36|where:13|which:-14|while:-7|white:19|will:-20|win:-3|with:37|without:-22|word:-4|work:-32|' +
  'would:-5|you:-9|your:5';
