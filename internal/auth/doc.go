// Package auth turns a bearer token into verified claims: it fetches and keeps the public keys of an identity provider
// (JWKS), checks the signature and the registered claims of a JSON Web Token, and signs tokens for development. It knows
// nothing of the domain: what a body or a role may do is decided elsewhere, and claims can only narrow it.
//
// # Tokens
//
// A token is a signed JWT in the compact form, at most 8 KiB, whose header names an algorithm (alg) and a key (kid). The
// algorithm must be one that is configured and the one that the key is bound to. The header fields jwk, jku, x5u and x5c are
// never looked at; crit is refused; typ, where present, is JWT or at+jwt.
//
// Claims, by their exact names. A claim of another type, null, an empty string or a string over 256 bytes makes the token
// malformed. Claims that are not listed are ignored.
//
//	claim            type                   meaning
//	iss              string, required       the configured issuer, byte for byte
//	sub              string, required       who calls: the subject of the audit log
//	aud              string(s), required    one of them is the configured audience, byte for byte
//	exp              number, required       end of validity, seconds since 1970
//	nbf              number                 start of validity
//	iat              number                 when it was issued: not in the future, not after exp
//	jti              string                 id of the token
//	body             string                 slug of the authority that the subject acts for
//	operator         string                 reference of the operator that the subject acts for
//	roles            list of strings        roles, at most 32
//	federal_states   list of strings        narrows the scope to these Länder (codes), at most 32
//	max_tlp          string                 narrows the scope to this TLP level and the less strict ones
//
// exp, nbf and iat are judged with a leeway of 30 seconds for clocks that differ.
package auth
