import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sketchEndpoints } from './sketch-endpoints.ts';

function outline(prompt: string): string[] {
  return sketchEndpoints(prompt).map(({ method, path, inputs, outputs }) => {
    const list = (fields: typeof inputs) => fields.map((field) => `${field.name}:${field.type}`).join(' ');
    return `${method} ${path} ${list(inputs)} -> ${list(outputs)}`;
  });
}

test('converts values from one scale to another', () => {
  assert.deepEqual(outline('an API that converts temperatures between Celsius and Fahrenheit'), [
    'POST /convert-temperature value:number from:string to:string -> result:number',
  ]);
});

test('takes the inputs and the output of a calculation from the sentence', () => {
  assert.deepEqual(outline('calculates BMI from height and weight'), [
    'POST /bmi height:number weight:number -> bmi:number',
  ]);
  assert.deepEqual(outline('an API that calculates shipping cost from weight, distance and country'), [
    'POST /shipping-cost weight:number distance:number country:string -> shipping_cost:number',
  ]);
});

test('knows everyday services', () => {
  assert.match(outline('generates QR codes')[0] ?? '', /^POST \/qr-code text:string/);
  assert.match(outline('validates IBANs')[0] ?? '', /^POST \/validate-iban iban:string -> valid:boolean/);
  assert.match(outline('image resizer')[0] ?? '', /^POST \/resize image_base64:string width:integer/);
  assert.match(outline('a service that encodes and decodes base64')[0] ?? '', /^POST \/base64 text:string/);
});

test('names one endpoint after what is done when nothing better is known', () => {
  const [endpoint] = sketchEndpoints('a service that anonymises addresses');
  assert.equal(endpoint?.method, 'POST');
  assert.match(endpoint?.path ?? '', /^\/[a-z-]+$/);
  assert.equal(sketchEndpoints('').length, 1);
});
