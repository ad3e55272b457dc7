-- Where a project's parts live. Written when it is made, since the settings may name other places by the time it goes.
ALTER TABLE tb.projects
  ADD COLUMN placement jsonb NOT NULL
  DEFAULT '{"sandbox": "local", "source": "local", "artifacts": "folder", "deploy": "local"}';
