import { writeFile } from 'node:fs/promises';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

// Brings openapi.json up to date with the routes; needs no database.
const app = await buildApp(readConfig({ DB_HOST: 'nowhere', DB_NAME: 'none', DB_USER: 'nobody', LOG: 'off' }));
const { body } = await app.inject('/openapi.json');
await writeFile(new URL('../openapi.json', import.meta.url), body);
await app.close();
