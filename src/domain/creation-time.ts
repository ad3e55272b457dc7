/** The names of columns that say when a row was made. */
export const CREATED_AT = /^(created_?at|created_?on|creation_(time|date)|date_created|inserted_at)$/i;
