/** People talking, choosing and giving. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const COMMUNITY = `
forums | boards, message boards: name!, description?
threads | discussions, topics of discussion, forum threads: title, author->users, forum->forums?, category->categories?, is_locked
replies | answers to threads: thread->threads?, post->posts?, comment->comments?, ticket->tickets?, author->users, body:text
messages | chat messages, direct messages: conversation->conversations?, channel->channels?, room->rooms?, chat->chats?, sender->users, body:text, sent_at
conversations | chats, chat threads: title?, is_group
chat_rooms | : name!, description?
conversation_participants | chat participants, conversation members: conversation->conversations, user->users, joined_at
channels | chat channels: name!, description?, is_private
channel_members | : channel->channels, user->users, joined_at
reactions | emoji reactions: message->messages?, post->posts?, direct_message->direct_messages?, user->users, emoji
likes | hearts, upvotes: user->users, post->posts?, tweet->tweets?, recipe->recipes?, photo->photos?, comment->comments?, song->songs?, video->videos?
follows | followers, followings, follow relationships: follower->users, followee->users
friendships | friends, friend requests: requester->users, addressee->users, status:pending|accepted|declined
user_blocks | blocked users: blocker->users, blocked->users
reports | abuse reports: reporter->users?, reason:text, status:open|reviewed|dismissed
hashtags | : name!
mentions | : user->users, post->posts?, comment->comments?
polls | : question, description?, author->users?, starts_at?, ends_at?, is_public
poll_options | options, choices: poll->polls?, question->questions?, text, position
votes | ballots: option->poll_options?, poll->polls?, proposal->proposals?, candidate->candidates?, question->questions?, answer->answers?, post->posts?, voter->users, voted_at
elections | : title, description?, starts_at, ends_at
proposals | ideas, suggestions, feature requests: title, description?, author->users, status:open|planned|done|rejected
petitions | : title, description?, author->users, goal:integer?
signatures | : petition->petitions?, signer->users, signed_at
surveys | questionnaires, forms: title, description?, owner->users?, is_published
questions | survey questions, quiz questions, flashcards questions: survey->surveys?, quiz->quizzes?, exam->exams?, form->surveys?, text, type:single_choice|multiple_choice|text, position, tags<->
responses | survey responses, submissions, form submissions: survey->surveys?, respondent->users?, submitted_at
answers | : question->questions, response->responses?, attempt->quiz_attempts?, author->users?, text?, option->poll_options?
quizzes | tests, trivia: title, description?, author->users?, time_limit_minutes?
quiz_attempts | attempts, quiz results: quiz->quizzes, user->users, score:integer?, started_at, finished_at?
leaderboard_entries | high scores, scores, leaderboards: player->players?, user->users?, game->games?, score:integer, achieved_at
charities | nonprofits, causes: name, description?, website?
donations | contributions, pledges: donor->customers, campaign->fundraisers?, charity->charities?, amount, donated_at, message:text?
donors | benefactors: name, email!, phone?
fundraisers | fundraising campaigns, donation campaigns: charity->charities?, title, description?, goal_amount, starts_at?, ends_at?
events | meetups, hackathons, happenings, concerts, workshops, conferences, webinars: title, description?, starts_at, ends_at?, venue->venues?, organizer->users?, capacity?, speakers<->
venues | places, arenas, theaters, stadiums: name, address, city?, capacity?
attendees | participants, registrants: event->events?, name, email, checked_in_at?
registrations | event registrations, rsvps, sign ups, signups: event->events?, course->courses?, camp->camps?, child->children?, user->users?, status:registered|waitlisted|cancelled, registered_at
speakers | presenters: name, bio?, email?
talks | presentations: title, abstract?, speaker->speakers?, event->events?, starts_at?, room->rooms?
sponsors | : name, website?, event->events?
ticket_types | : event->events, name, price, quantity
event_tickets | admission tickets: event->events?, match->matches?, performance->play_performances?, draw->draws?, seat->seats?, holder->attendees?, price, status:reserved|paid|used|cancelled, code!
calendars | : name, owner->users
availability_slots | availabilities, time slots, slots, schedules: employee->employees?, room->rooms?, doctor->doctors?, court->courts?, starts_at, ends_at, is_available
reminders | : user->users?, plant->plants?, habit->habits?, task->tasks?, title, remind_at, is_done
`;
