// A module of ours between: in a bundle of ES modules, a CommonJS package that is imported dynamically has no named exports.
export { dkimVerify } from 'mailauth/lib/dkim/verify.js';
export { dmarc } from 'mailauth/lib/dmarc/index.js';
