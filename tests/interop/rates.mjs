// How fast another implementation issues and verifies: one question on standard input ({contexts, lines}: signed
// credentials as text), the rates per second of CPU time on standard output. One verifies only what it finds genuine.
import * as didMethodKey from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {text} from 'node:stream/consumers';

const {contexts, lines} = JSON.parse(await text(process.stdin));
const driver = didMethodKey.driver();
driver.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});
const dids = new Map();

async function documentLoader(url) {
  if(Object.hasOwn(contexts, url)) {
    return {contextUrl: null, documentUrl: url, document: contexts[url]};
  }
  if(!dids.has(url)) {
    dids.set(url, await driver.get({url}));
  }
  return {contextUrl: null, documentUrl: url, document: dids.get(url)};
}

const key = await Ed25519Multikey.generate();
const {didDocument} = await driver.fromKeyPair({verificationKeyPair: key});
key.controller = didDocument.id;
key.id = didDocument.assertionMethod[0];

async function issue(line) {
  const credential = JSON.parse(line);
  delete credential.proof;
  credential.issuer.id = didDocument.id;
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return JSON.stringify(await vc.issue({credential, suite, documentLoader})).length > 0;
}

async function verify(line) {
  const suite = new DataIntegrityProof({cryptosuite});
  const checkStatus = async () => ({verified: true});
  const {verified} = await vc.verifyCredential({credential: JSON.parse(line), suite, documentLoader, checkStatus});
  return verified;
}

async function rate(work) {
  for(const line of lines.slice(0, 30)) {
    await work(line);
  }
  const begun = process.cpuUsage();
  let good = 0;
  for(const line of lines) {
    good += await work(line) ? 1 : 0;
  }
  const {user, system} = process.cpuUsage(begun);
  return good / (user + system) * 1e6;
}

console.log(JSON.stringify({issue: await rate(issue), verify: await rate(verify)}));
