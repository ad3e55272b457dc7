-- When what a revision took out of reach was removed for good: from then on it cannot be undone.
ALTER TABLE tb.project_revisions ADD COLUMN kept_removed_at bigint;
