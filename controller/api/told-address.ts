const SCHEME = String.raw`\b[a-z][a-z0-9+.-]*:\/\/`;
/** Of http, a user alone may be a token. */
const HTTP_USER = /(\bhttps?:\/\/)[^/\s'"]*@/gi;
const PASSWORD = new RegExp(String.raw`(${SCHEME}[^\s/:@'"]*):[^/\s'"]*@`, 'gi');
const QUERY = new RegExp(String.raw`(${SCHEME}[^\s'"?#]*)[?#][^\s'"]+`, 'gi');

/** A text, of a person's or a program's, without what addresses in it may hold that is secret: users, passwords, queries. */
export function toldAddress(text: string): string {
  return text.replaceAll(HTTP_USER, '$1').replaceAll(PASSWORD, '$1@').replaceAll(QUERY, '$1?[removed]');
}
