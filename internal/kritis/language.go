package kritis

import "context"

// Language is a language of the data: DE or EN.
type Language string

// The languages of the data.
const (
	German  Language = "DE"
	English Language = "EN"
)

type languageKey struct{}

// WithLanguage returns a context in which texts without a language of their own are given in lang.
func WithLanguage(ctx context.Context, lang Language) context.Context {
	return context.WithValue(ctx, languageKey{}, lang)
}

// language returns the language that was asked, else that of the context, else German.
func language(ctx context.Context, asked *Language) Language {
	if asked != nil {
		return *asked
	}
	if lang, ok := ctx.Value(languageKey{}).(Language); ok {
		return lang
	}
	return German
}

// pick returns the text in the language, or the other one where it does not exist in that.
func pick(lang Language, de, en string) string {
	if lang == English && en != "" || de == "" {
		return en
	}
	return de
}
