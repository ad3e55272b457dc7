import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from './translate.ts';

test('reads nouns of four languages in both numbers, and leaves English alone', () => {
  assert.equal(
    translate('un gimnasio con socios, clases y cada entrenador tiene un horario'),
    'a gym with members, classes and each trainer has a schedule',
  );
  assert.match(translate('Ein Verein mit Mitgliedern, Booten und Reparaturen'), /members, boats and repairs/);
  assert.match(
    translate("gérer les bénévoles d'un festival: équipes et créneaux"),
    /volunteers of a festival: teams and shifts/,
  );
  assert.match(translate('uma loja com produtos, funcionários e avaliações'), /products, employees and reviews/);
  const english = 'a restaurant with tables, menus and a hotel';
  assert.equal(translate(english), english);
});
