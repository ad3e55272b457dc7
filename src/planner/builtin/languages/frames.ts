/** Words by which a language is known, and what they are in English: articles, prepositions, what software does and is. */
export const FRAMES = {
  es: `con=with y=and e=and para=for por=by un=a una=a unos=the unas=the de=of del=of los=the las=the el=the la=the cada=each tiene=has tienen=have
    varios=multiple varias=multiple muchos=multiple muchas=multiple que=that su=its sus=its mi=my mis=my nuestro=our nuestra=our incluye=includes
    donde=where cuando=when quien=who gestionar=manage gestion=management sistema=system aplicacion=app app=app tienda=shop en=in linea=online
    crear=create api=api pueden=can puede=can necesito=need quiero=want llevar=track registrar=record guardar=store reservan=book reservar=book
    reserven=book compran=buy pagan=pay paguen=pay piden=order escriben=write suben=upload reciben=receive prestan=lend alquilan=rent venden=sell
    al=to a=to se=- lo=- no=not sin=without o=or es=is son=are unico=unique unica=unique opcional=optional`,
  de: `mit=with und=and fur=for ein=a eine=a einen=a einer=a einem=a der=the die=the das=the den=the dem=the des=of jede=each jeder=each jedes=each
    hat=has haben=have mehrere=multiple viele=multiple verwaltung=management verwalten=manage system=system anwendung=app app=app laden=shop von=of
    zum=for zur=for sowie=and konnen=can kann=can online-shop=shop onlineshop=shop webshop=shop mein=my meine=my meinen=my unser=our unsere=our
    unseren=our ich=I wir=we brauche=need brauchen=need mochte=want will=want buchen=book bestellen=order ausleihen=borrow leihen=borrow
    schreiben=write bezahlen=pay kaufen=buy verkaufen=sell welches=which welcher=which welche=which wer=who wann=when an=at im=in in=in oder=or
    ohne=without ist=is sind=are eindeutig=unique eindeutige=unique eindeutiger=unique optional=optional optionale=optional kleines=small
    kleine=small kleiner=small`,
  fr: `avec=with et=and pour=for un=a une=a des=the les=the le=the la=the l=the de=of d=of du=of chaque=each a_plusieurs=has_multiple
    plusieurs=multiple gestion=management gerer=manage systeme=system application=app site=site outil=tool boutique=shop en=in ligne=online ou=or
    ont=have peuvent=can peut=can qui=that leur=their leurs=their mon=my ma=my mes=my notre=our nos=our je=I nous=we veux=want voudrais=want
    suivre=track suivi=tracking enregistrer=record reservent=book reserver=book commandent=order achetent=buy paient=pay ecrivent=write
    empruntent=borrow louent=rent proposent=offer sans=without est=is sont=are au=at aux=at dans=in unique=unique optionnel=optional`,
  pt: `com=with e=and para=for um=a uma=a os=the as=the o=the a=the de=of do=of da=of dos=of das=of cada=each tem=has varios=multiple
    varias=multiple gestao=management gerenciar=manage controle=management cadastro=registry sistema=system aplicativo=app app=app site=site
    loja=shop em=in no=in na=in linha=online podem=can pode=can que=that meu=my minha=my nosso=our nossa=our quero=want preciso=need
    registrar=record reservam=book compram=buy pagam=pay pedem=order escrevem=write alugam=rent abrem=open inscrevem=register se=- sem=without
    ou=or unico=unique opcional=optional`,
} as const;
