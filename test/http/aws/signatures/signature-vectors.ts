/** A request that AWS has published with its correct signature. */
export interface Vector {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Headers other than Host and X-Amz-Date. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signature?: string;
  /** The signature if the request is presigned for an hour. */
  readonly presigned?: string;
}

// Facts of "AWS Signature Version 4 Test Suite", Copyright Amazon.com, Inc. or its affiliates, Apache-2.0. Vectors
// signed in the header are as botocore has them (tests/unit/auth/aws4_testsuite), presigned ones as aws-c-auth has them
// (tests/aws-signing-test-suite/v4).
export const HOST = 'example.amazonaws.com';
export const DATE = '20150830T123600Z';
export const SCOPE = '20150830/us-east-1/service/aws4_request';
export const ACCESS_KEY_ID = 'AKIDEXAMPLE';
export const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '13' };
const VANILLA = {
  signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  presigned: 'e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d',
};

export const VECTORS: readonly Vector[] = [
  { name: 'get-vanilla', method: 'GET', path: '/', ...VANILLA },
  { name: 'normalize-path/get-relative', method: 'GET', path: '/example/..', ...VANILLA },
  { name: 'normalize-path/get-relative-relative', method: 'GET', path: '/example1/example2/../..', ...VANILLA },
  { name: 'normalize-path/get-slash-dot-slash', method: 'GET', path: '/./', ...VANILLA },
  { name: 'normalize-path/get-slash', method: 'GET', path: '//', ...VANILLA },
  {
    ...{ name: 'normalize-path/get-slash-pointless-dot', method: 'GET', path: '/./example' },
    signature: 'ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5',
    presigned: '35034b1a0bdd969f346975386daf8aedfd4976573b8348cf4f67eaa41c5857de',
  },
  {
    ...{ name: 'normalize-path/get-slashes', method: 'GET', path: '//example//' },
    signature: '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
    presigned: 'c1834e8fb0307243711f0f907f6ab7311ed300d87f13792d7ee4da89ab93e082',
  },
  {
    ...{ name: 'normalize-path/get-special-character', method: 'GET', path: '/example/$delete' },
    signature: 'a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27',
  },
  {
    ...{ name: 'get-unreserved', method: 'GET', path: `/${UNRESERVED}` },
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    presigned: '95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005',
  },
  {
    ...{ name: 'get-vanilla-empty-query-key', method: 'GET', path: '/?Param1=value1' },
    signature: 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
    presigned: '49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de',
  },
  {
    ...{
      name: 'get-vanilla-query-order-encoded',
      method: 'GET',
      path: '/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    },
    signature: '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
    presigned: 'c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787',
  },
  {
    ...{ name: 'get-vanilla-query-order-key', method: 'GET', path: '/?Param1=value2&Param1=Value1' },
    signature: 'eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1',
  },
  {
    ...{ name: 'get-vanilla-query-order-key-case', method: 'GET', path: '/?Param2=value2&Param1=value1' },
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    presigned: '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
  },
  {
    ...{ name: 'get-vanilla-query-order-value', method: 'GET', path: '/?Param1=value2&Param1=value1' },
    signature: '5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694',
  },
  {
    ...{ name: 'get-vanilla-query-unreserved', method: 'GET', path: `/?${UNRESERVED}=${UNRESERVED}` },
    signature: '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
    presigned: '8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf',
  },
  {
    ...{ name: 'get-vanilla-utf8-query', method: 'GET', path: '/?\u1234=bar' },
    signature: '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    presigned: '0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600',
  },
  {
    ...{ name: 'get-vanilla-with-session-token', method: 'GET', path: '/', headers: { 'X-Amz-Security-Token': TOKEN } },
    signature: '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
  },
  {
    ...{ name: 'get-header-value-trim', method: 'GET', path: '/' },
    headers: { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' },
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    presigned: 'e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4',
  },
  {
    ...{ name: 'post-vanilla', method: 'POST', path: '/' },
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    presigned: '2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b',
  },
  {
    ...{ name: 'post-vanilla-query', method: 'POST', path: '/?Param1=value1' },
    signature: '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
    presigned: 'a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682',
  },
  {
    ...{ name: 'post-header-key-sort', method: 'POST', path: '/', headers: { 'My-Header1': 'value1' } },
    signature: 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    presigned: 'c09d07e0d55871f10f2a6d350d994acf6825a3cae70673d7def55616e6119dd7',
  },
  {
    ...{ name: 'post-header-value-case', method: 'POST', path: '/', headers: { 'My-Header1': 'VALUE1' } },
    signature: 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
    presigned: '0698bc9e4f7f9139065ba2909c0e99da257e8e2a42492a097bcd46d792391fed',
  },
  {
    ...{ name: 'post-x-www-form-urlencoded', method: 'POST', path: '/', body: 'Param1=value1' },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
  {
    ...{ name: 'post-x-www-form-urlencoded-parameters', method: 'POST', path: '/', body: 'Param1=value1' },
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf8' },
    signature: '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  },
  {
    ...{ name: 'post-x-www-form-urlencoded, its body signed', method: 'POST', path: '/', body: 'Param1=value1' },
    headers: { ...FORM, 'X-Amz-Content-Sha256': '9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e' },
    signature: 'd3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b',
  },
  {
    ...{ name: 'post-x-www-form-urlencoded, its length signed', method: 'POST', path: '/', body: 'Param1=value1' },
    headers: FORM,
    presigned: '89a40deed0f26f9461242825a082d2222717248abc7ab41f552ad84a94ad46e9',
  },
];
