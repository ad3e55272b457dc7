import { snakeCase } from './names.ts';

/** Words by which a language is known, and what they are in English. */
const FRAMES: Readonly<Record<string, string>> = {
  es: 'con=with y=and para=for una=a un=a de=of los=the las=the el=the la=the cada=each tiene=has tienen=have varios=multiple muchos=multiple que=that sus=its usuarios_pueden=users_can incluye=includes donde=where gestionar=manage gestion=management sistema=system aplicacion=app tienda=shop en=in linea=online crear=create api=api pueden=can puede=can',
  de: 'mit=with und=and fur=for ein=a eine=a einen=a einer=a der=the die=the das=the den=the dem=the jede=each jeder=each jedes=each hat=has haben=have mehrere=multiple viele=multiple verwaltung=management verwalten=manage system=system anwendung=app laden=shop von=of zum=for zur=for sowie=and konnen=can online-shop=shop onlineshop=shop webshop=shop',
  fr: 'avec=with et=and pour=for un=a une=a des=the les=the le=the la=the de=of chaque=each a_plusieurs=has_multiple plusieurs=multiple gestion=management gerer=manage systeme=system application=app boutique=shop en=in ligne=online ou=or ont=have peuvent=can peut=can qui=that',
  pt: 'com=with e=and para=for um=a uma=a os=the as=the o=the de=of do=of da=of cada=each tem=has varios=multiple varias=multiple gestao=management gerenciar=manage sistema=system aplicativo=app loja=shop em=in linha=online podem=can pode=can que=that',
};

/** Everyday entities, without accents: `spanish german french portuguese = english`, any of them may be missing (`-`). */
const NOUNS = `
usuarios benutzer utilisateurs usuarios=users|clientes kunden clients clientes=customers|productos produkte produits produtos=products
pedidos bestellungen commandes pedidos=orders|categorias kategorien categories categorias=categories
articulos artikel articles artigos=articles|publicaciones beitrage publications publicacoes=posts|entradas - billets postagens=posts
comentarios kommentare commentaires comentarios=comments|etiquetas schlagworte etiquettes etiquetas=tags
libros bucher livres livros=books|autores autoren auteurs autores=authors|prestamos ausleihen emprunts emprestimos=loans
miembros mitglieder membres membros=members|lectores leser lecteurs leitores=readers|editoriales verlage editeurs editoras=publishers
estudiantes studenten etudiants estudantes=students|alumnos schuler eleves alunos=students|profesores lehrer professeurs professores=teachers
cursos kurse cours cursos=courses|clases klassen classes turmas=classes|notas noten notes notas=grades|examenes prufungen examens provas=exams
pacientes patienten patients pacientes=patients|medicos arzte medecins medicos=doctors|citas termine rendez-vous consultas=appointments
consultas - consultations agendamentos=appointments|recetas rezepte ordonnances receitas=prescriptions|medicamentos medikamente medicaments remedios=medications
socios - adherents socios=members|animales tiere animaux animais=animals|duenos halter proprietaires donos=owners|veterinarios tierarzte veterinaires veterinarios=vets
- tierarztpraxis - -=clinic|- werkstatt garage oficina=garage|conductores fahrer conducteurs motoristas=drivers|pasajeros passagiere passagers passageiros=passengers
trayectos fahrten trajets corridas=rides|platos speisen plats pratos=dishes|- ausgaben - -=expenses|horarios zeiten horaires horarios=schedules
alquileres mieten locations alugueis=rentals|apartamentos wohnungen appartements apartamentos=apartments|vecinos nachbarn voisins vizinhos=neighbors
bicicletas fahrrader velos bicicletas=bikes|reservas buchungen - reservas=bookings|perros hunde chiens cachorros=dogs|tiendas geschafte magasins lojas=stores
talleres werkstatten ateliers oficinas=workshops|equipos gerate equipements equipamentos=equipment|donaciones spenden dons doacoes=donations
voluntarios freiwillige benevoles voluntarios=volunteers|barcos boote bateaux barcos=boats|plantas pflanzen plantes plantas=plants
maquinas maschinen machines maquinas=machines|turnos schichten equipes-de-travail turnos=shifts|visitas besuche visites visitas=visits
empleados mitarbeiter employes funcionarios=employees|departamentos abteilungen departements departamentos=departments
proyectos projekte projets projetos=projects|tareas aufgaben taches tarefas=tasks|equipos teams equipes equipes=teams
facturas rechnungen factures faturas=invoices|pagos zahlungen paiements pagamentos=payments|proveedores lieferanten fournisseurs fornecedores=suppliers
almacenes lager entrepots armazens=warehouses|inventario bestand inventaire estoque=inventory|ventas verkaufe ventes vendas=sales
habitaciones zimmer chambres quartos=rooms|reservas reservierungen reservations reservas=reservations|huespedes gaste invites hospedes=guests
hoteles hotels hotels hoteis=hotels|restaurantes restaurants restaurants restaurantes=restaurants|platos gerichte plats pratos=dishes
mesas tische tables mesas=tables|menus speisekarten menus cardapios=menus|ingredientes zutaten ingredients ingredientes=ingredients
eventos veranstaltungen evenements eventos=events|entradas tickets billets ingressos=tickets|vehiculos fahrzeuge vehicules veiculos=vehicles
coches autos voitures carros=cars|conductores fahrer chauffeurs motoristas=drivers|viajes reisen voyages viagens=trips|vuelos fluge vols voos=flights
mensajes nachrichten messages mensagens=messages|canales kanale canaux canais=channels|grupos gruppen groupes grupos=groups
peliculas filme films filmes=movies|actores schauspieler acteurs atores=actors|canciones lieder chansons musicas=songs|albumes alben albums albuns=albums
artistas kunstler artistes artistas=artists|resenas bewertungen avis avaliacoes=reviews|jugadores spieler joueurs jogadores=players
partidos spiele matchs partidas=matches|mascotas haustiere animaux animais=pets|propietarios besitzer proprietaires proprietarios=owners
propiedades immobilien biens imoveis=properties|contratos vertrage contrats contratos=contracts|inquilinos mieter locataires inquilinos=tenants
gastos ausgaben depenses despesas=expenses|ingresos einnahmen revenus receitas=incomes|cuentas konten comptes contas=accounts
transacciones transaktionen transactions transacoes=transactions|presupuestos budgets budgets orcamentos=budgets
encuestas umfragen sondages pesquisas=surveys|preguntas fragen questions perguntas=questions|respuestas antworten reponses respostas=answers
sensores sensoren capteurs sensores=sensors|mediciones messwerte mesures medicoes=measurements|dispositivos gerate appareils dispositivos=devices
entrenadores trainer entraineurs treinadores=trainers|suscripciones abonnements abonnements assinaturas=subscriptions
direcciones adressen adresses enderecos=addresses|imagenes bilder images imagens=images|archivos dateien fichiers arquivos=files
biblioteca bibliothek bibliotheque biblioteca=library|clinica klinik clinique clinica=clinic|escuela schule ecole escola=school
gimnasio fitnessstudio salle-de-sport academia=gym|hospital krankenhaus hopital hospital=hospital|nombre name nom nome=name
precio preis prix preco=price|descripcion beschreibung description descricao=description|fecha datum date data=date
correo e-mail courriel email=email|telefono telefon telephone telefone=phone|titulo titel titre titulo=title
cantidad menge quantite quantidade=quantity|estado zustand statut estado=status|direccion adresse adresse endereco=address`;

const LANGUAGES = ['es', 'de', 'fr', 'pt'] as const;

/** The prompt with its everyday words in English, when its small words say that it is in another language we know. */
export function translate(prompt: string): string {
  const words = prompt
    .slice(0, 2000)
    .split(/[^\p{L}-]+/u)
    .map((word) => plain(word));
  const counts = LANGUAGES.map((language) => ({
    language,
    count: words.filter((word) => frames(language).has(word) && !ENGLISH_TOO.has(word)).length,
  }));
  const best = counts.toSorted((a, b) => b.count - a.count)[0];
  if (best === undefined || best.count < 2 || best.count * 8 < words.length) return prompt;
  const dictionary = new Map([...nouns(best.language), ...frames(best.language)]);
  return prompt.replaceAll(/[\p{L}][\p{L}-]*/gu, (word) => dictionary.get(plain(word)) ?? word);
}

const ENGLISH_TOO = new Set([
  'a',
  'an',
  'as',
  'in',
  'die',
  'system',
  'api',
  'de',
  'or',
  'do',
  'e',
  'o',
  'y',
  'application',
  'has',
  'ou',
  'online',
  'gestion',
]);

function frames(language: string): ReadonlyMap<string, string> {
  return new Map((FRAMES[language] ?? '').split(' ').map((pair) => pair.split('=') as [string, string]));
}

function nouns(language: (typeof LANGUAGES)[number]): Map<string, string> {
  const column = LANGUAGES.indexOf(language);
  const pairs = NOUNS.split(/[|\n]/)
    .filter(Boolean)
    .map((entry) => {
      const [words = '', english = ''] = entry.split('=');
      return [words.split(' ')[column] ?? '-', english] as const;
    });
  // German puts an n behind its datives: «mit Produkten».
  const inflected = language === 'de' ? pairs.map(([word, english]) => [`${word}n`, english] as const) : [];
  return new Map([...inflected, ...pairs]);
}

function plain(word: string): string {
  return word.includes('-') ? word.toLowerCase() : snakeCase(word);
}
