// Another implementation at work: one question per line of standard input, one answer per line of output.
// The first line brings the contexts by address; afterwards {do: 'verify', format, text} or {do: 'issue', ...}.
import * as didMethodKey from '@digitalbazaar/did-method-key';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {createHash, createPublicKey, randomBytes, verify as holds} from 'node:crypto';
import {createInterface} from 'node:readline';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {SDJwtInstance} from '@sd-jwt/core';

const driver = didMethodKey.driver();
driver.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
driver.use({multibaseMultikeyHeader: 'zDna', fromMultibase: EcdsaMultikey.from});
const suites = {
  'eddsa-rdfc-2022': {sign: rdfc, verify: rdfc},
  'eddsa-jcs-2022': {sign: createSignCryptosuite(), verify: createVerifyCryptosuite()},
  'ecdsa-rdfc-2019': {sign: ecdsa, verify: ecdsa}
};
let contexts = {};

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await driver.get({url})};
  }
  if(Object.hasOwn(contexts, url)) {
    return {contextUrl: null, documentUrl: url, document: contexts[url]};
  }
  throw new Error(`${url} is not known here`);
}

// Sorted by member, so that two texts of one value are equal.
function plain(value) {
  if(Array.isArray(value)) {
    return value.map(plain);
  }
  if(value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(Object.keys(value).sort().map(name => [name, plain(value[name])]));
}

async function jwkOf(kid) {
  const {publicKeyMultibase} = await driver.get({url: kid});
  const key = await Ed25519Multikey.from({type: 'Multikey', controller: kid, id: kid, publicKeyMultibase});
  return Ed25519Multikey.toJwk({keyPair: key});
}

async function verifyJwt(text) {
  const jwk = await jwkOf(jose.decodeProtectedHeader(text).kid);
  const {payload} = await jose.jwtVerify(text, await jose.importJWK(jwk, 'EdDSA'), {algorithms: ['EdDSA']});
  return payload;
}

const sdJwt = {
  hashAlg: 'sha-256',
  hasher: (text, name) => createHash(name.replace('-', '')).update(text).digest(),
  saltGenerator: length => randomBytes(length).toString('base64url')
};

async function verifySdJwt(text) {
  const key = createPublicKey({key: await jwkOf(jose.decodeProtectedHeader(text.split('~')[0]).kid), format: 'jwk'});
  const verifier = (signed, signature) => {
    const bytes = Buffer.from(signature, 'base64url');
    return bytes.toString('base64url') === signature && holds(null, Buffer.from(signed), key, bytes);
  };
  const {payload} = await new SDJwtInstance({...sdJwt, verifier}).verify(text);
  return payload;
}

// Name and results can be kept back, and the results are.
async function issueSdJwt(credential, key, kid) {
  const holder = key.signer();
  const signer = async signed => Buffer.from(await holder.sign({data: Buffer.from(signed)})).toString('base64url');
  const maker = new SDJwtInstance({...sdJwt, signer, signAlg: 'EdDSA'});
  const subject = {id: `${credential.id}#holder`, ...credential.credentialSubject};
  const frame = {credentialSubject: {_sd: ['identifier', 'result', 'narrative']}};
  const claims = {...credential, credentialSubject: subject, iat: Math.floor(Date.now() / 1000)};
  const whole = await maker.issue(claims, frame, {header: {typ: 'vc+sd-jwt', cty: 'vc', kid}});
  return maker.present(whole, {credentialSubject: {identifier: true, narrative: true}});
}

async function verify({format, text}) {
  if(format === 'sd-jwt') {
    return plain(await verifySdJwt(text));
  }
  if(format === 'jwt') {
    return plain(await verifyJwt(text));
  }
  const credential = JSON.parse(text);
  const suite = new DataIntegrityProof({cryptosuite: suites[format].verify});
  const checkStatus = async () => ({verified: true});
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
  if(!result.verified) {
    const told = result.error?.errors?.map(error => error.message) ?? [result.error?.message];
    throw new Error(told.join('; ') || 'not verified');
  }
  return plain(credential);
}

async function issue({format, credential}) {
  const key = format === 'ecdsa-rdfc-2019' ?
    await EcdsaMultikey.generate({curve: 'P-256'}) : await Ed25519Multikey.generate();
  const {didDocument} = await driver.fromKeyPair({verificationKeyPair: key});
  key.controller = didDocument.id;
  key.id = didDocument.assertionMethod[0];
  const issuer = typeof credential.issuer === 'object' ? {...credential.issuer, id: didDocument.id} : didDocument.id;
  if(format === 'sd-jwt') {
    return issueSdJwt({...credential, issuer}, key, key.id);
  }
  const signing = new DataIntegrityProof({signer: key.signer(), cryptosuite: suites[format].sign});
  return vc.issue({credential: {...credential, issuer}, suite: signing, documentLoader});
}

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  const asked = JSON.parse(line);
  let answer;
  try {
    if(asked.contexts) {
      contexts = asked.contexts;
      answer = {good: true};
    } else {
      answer = {good: true, content: await (asked.do === 'verify' ? verify(asked) : issue(asked))};
    }
  } catch(error) {
    answer = {good: false, reason: String(error?.message ?? error).slice(0, 300)};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
