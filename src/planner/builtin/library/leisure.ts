/** Sport and play. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const LEISURE = `
players | athletes, gamers, footballers: name, email?, birth_date?, position:varchar?, team->teams?
sports_teams | clubs: name!, city?, league->leagues?, coach->coaches?
leagues | divisions of sport: name!, sport?, country?
matches | fixtures, sports matches, game results: home_team->teams, away_team->teams, season->seasons?, tournament->tournaments?, league->leagues?, venue->venues?, starts_at, home_score:integer?, away_score:integer?
match_events | goals scored: match->matches, player->players?, type, minute:integer
tournaments | championships, competitions, contests: name, starts_at, ends_at?, description?, teams<->
standings | rankings, league tables: team->teams, season->seasons?, league->leagues?, points, wins, draws, losses
races | : name, starts_at, distance_km:numeric?, location?
race_results | finishes: race->races, runner->runners?, athlete->athletes?, position, time_seconds:integer?
courts | tennis courts, pitches: name!, type?, is_indoor
games | video games, board games: title, description?, genre?, release_year:integer?, platform?
game_sessions | plays, play sessions, rounds: game->games?, player->players?, started_at, ended_at?, score:integer?
moves | turns: game->games?, player->players?, number:integer, notation
achievements | badges, trophies: name!, description?, points
player_achievements | unlocked achievements: player->players?, user->users?, achievement->achievements, unlocked_at
characters | heroes, avatars: name, player->players?, level:integer, class:varchar?, items<->
inventory_slots | items of players: character->characters?, item_name, quantity
quests | missions: title, description?, reward_points:integer?
levels | stages of a game: name, number:integer, difficulty?
guilds | clans: name!, description?, leader->players?
wagers | bets: player->players?, match->matches?, amount, odds:numeric, status:open|won|lost, placed_at
toys | collectibles, collection items: name, condition?, acquired_at?, estimated_value:money?
artworks | paintings, sculptures, exhibits, artifacts, artefacts: title, artist->artists?, exhibition->exhibitions?, year:integer?, medium?, price?
exhibitions | : title, starts_at, ends_at?, venue->venues?
musical_instruments | instruments for music: name!, type?
gifts | presents, wishes: name, url?, price?, recipient?, is_reserved
trails | hikes, hiking trails: name, location, distance_km:numeric, difficulty?
observations | sightings: observer->users?, species->species?, location?, observed_at, notes?
species | : name!, scientific_name?, description?
`;
