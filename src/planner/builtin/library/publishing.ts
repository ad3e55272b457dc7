/** Words, media and those who make them. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const PUBLISHING = `
posts | blog posts, articles, blogs, entries, news articles, stories: title, slug!, body:text, status:draft|published|archived, published_at?, author->users, category->categories?, tags<->
tweets | toots, statuses: author->users, body:text, hashtags<->
comments | remarks: post->posts?, issue->issues?, card->cards?, event->events?, question->questions?, answer->answers?, page->pages?, listing->listings?, project->projects?, article->articles?, photo->photos?, task->tasks?, ticket->tickets?, recipe->recipes?, video->videos?, author->users, body:text
pages | wiki pages: title, slug!, body:text, author->users?, parent->pages?
revisions | page versions, versions, edits: page->pages?, document->documents?, editor->users, body:text, summary?
notes | memos: title, body:text?, is_pinned, owner->users, notebook->notebooks?, folder->folders?, tags<->
notebooks | : name, owner->users
journal_entries | diary entries, journals, diaries: user->users, title?, body:text, mood?, entry_date
newsletters | newsletter issues, editions, email campaigns, campaigns: subject, body:text, status:draft|scheduled|sent, sent_at?
subscribers | newsletter subscribers: email!, name?, status:active|unsubscribed, subscribed_at
authors | writers: name, bio?, birth_date?, nationality?
publishers | publishing houses: name!, website?, address?
books | : title, isbn!, description?, published_year:integer?, author->authors?, publisher->publishers?, category->categories?
book_copies | copies: book->books, barcode!, status:available|on_loan|lost|repair
loans | borrowings, checkouts, borrowed books, book loans: book->books?, copy->book_copies?, equipment->equipment?, member->members, borrowed_at, due_at, returned_at?
holds | waitlist entries: book->books?, member->members?, requested_at, status:waiting|ready|cancelled
fines | penalties: member->members?, loan->loans?, amount, is_paid
movies | films: title, description?, release_year:integer?, duration_minutes?, director->directors?, genre->genres?, actors<->, genres<->
series | tv shows, shows, tv series: title, description?, release_year:integer?, genre->genres?
seasons | : series->series?, number:integer, starts_at?, ends_at?
episodes | : podcast->podcasts?, season->seasons?, series->series?, title, description?, audio_url?, duration_seconds?, published_at?
actors | actresses, performers: name, bio?, birth_date?
directors | film producers: name, bio?
genres | : name!
songs | tracks: title, duration_seconds, track_number:integer?, album->albums?, artist->artists?
albums | records for listening: title, release_year:integer?, artist->artists?, cover_url?
artists | musicians, bands, singers: name, bio?, country?
playlists | : name, description?, owner->users, is_public, songs<->, tracks<->
playlist_songs | playlist tracks: playlist->playlists, song->songs, position
podcasts | : title, description?, host->users?, feed_url?
videos | clips: title, description?, url, duration_seconds?, uploader->users
photos | images, pictures: title?, url, caption?, taken_at?, owner->users, album->photo_albums?, tags<->
photo_albums | galleries: name, owner->users
watchlists | watch lists: user->users, name
quotes | quotations, sayings: text, author->authors?, source?
recipes | : title, description?, instructions, servings?, prep_minutes?, cook_minutes?, author->users?, category->categories?, tags<->, ingredients<->
ingredients | : name!, unit?
recipe_ingredients | : recipe->recipes, ingredient->ingredients, quantity:numeric, unit?
recipe_steps | : recipe->recipes, position, instruction:text
meal_plans | meals, menus plans: user->users?, name, planned_date
translations | : key, language->languages?, text
words | vocabulary, vocabulary words: term, translation, example:text?
radio_programs | broadcasts, radio shows: title, description?, host->experts?, station->stops?, starts_at, ends_at
song_plays | plays of songs, songs played, played songs: song->songs?, program->radio_programs?, played_at
downloads | episode downloads, file downloads: episode->episodes?, file->files?, user->users?, downloaded_at
translators | interpreters: name, email!
`;
