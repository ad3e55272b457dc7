/** Schools, courses and learning. One entity a line: `plural | other names: columns`, in the shorthand of notation.ts. */
export const EDUCATION = `
students | pupils, learners: first_name, last_name, email!, birth_date?, enrolled_at?, class->classes?, program->programs?, parent->parents?
teachers | instructors, lecturers, professors, tutors, educators: first_name, last_name, email!, phone?, department->departments?
courses | subjects, modules, online courses: title, code!?, description?, credits:integer?, teacher->teachers?, department->departments?, program->programs?, students<->
classes | school classes, lessons series: name, description?, starts_at?, room->classrooms?, teacher->teachers?, instructor->instructors?, trainer->trainers?, capacity?
classrooms | lecture rooms: name!, capacity?, building?
enrollments | enrolments, course registrations, course selections: student->students, course->courses?, class->classes?, enrolled_at, status:active|completed|dropped
grades | marks, results, exam results: student->students, course->courses?, exam->exams?, assignment->assignments?, score:numeric, graded_at?
exams | examinations, midterms: title, course->courses?, starts_at, duration_minutes?, max_score:numeric?
assignments | homework, homeworks, coursework: title, description?, course->courses?, due_at, max_score:numeric?
assignment_submissions | homework submissions: assignment->assignments, student->students, content:text?, file_url?, submitted_at, score:numeric?
lessons | lectures: title, content:text?, module->course_modules?, course->courses?, position, video_url?
lesson_progress | progress, learning progress: student->students?, user->users?, lesson->lessons, completed_at?
certificates | diplomas: student->students?, user->users?, course->courses?, issued_at, code!
schools | universities, colleges, academies, campuses: name, address?, phone?, website?
programs | degrees, majors, curricula, programmes, degree programs: name, description?, department->departments?, faculty->faculties?
semesters | terms, academic years: name, starts_at, ends_at
parents | guardians: name, email!, phone?
children | kids, campers: first_name, last_name, birth_date?, parent->parents?, group->groups?, cabin->cabins?
dormitories | dorms: name, address?, capacity?
scholarships | grants: name, amount, deadline?
decks | flashcard decks: name, description?, owner->users?
flashcards | : deck->decks?, front:text, back:text, due_at?
study_sessions | : user->users?, deck->decks?, started_at, ended_at?
tuition_payments | : student->students, amount, paid_at
timetables | class schedules, course schedules: course->courses?, class->classes?, classroom->classrooms?, weekday:integer, starts_at, ends_at
`;
