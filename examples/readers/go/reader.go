package main // reads deskc-snapshot/1 as docs/reference/snapshot.md describes it, by the standard library alone

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Error says why there is nothing to trade by; its names are those of deskc's Python exceptions.
type Error struct{ Name, Message string }

func (e Error) Error() string { return e.Name + ": " + e.Message }

func need(holds bool, name, message string) {
	if !holds {
		panic(Error{name, message})
	}
}

func catch(err *error) { // what need said becomes an ordinary error; a bug goes on as it is
	if failure := recover(); failure != nil {
		*err = failure.(Error)
	}
}

type scope struct { // ids stay JSON, so that null and text compare alike
	Coin, Side, Arm, Config_version, Params json.RawMessage // Params stand in a line, what follows in the header
	Params_digest, Line_digest              string
	Length                                  uint
}

func (s scope) key() string { return fmt.Sprintf("[%s,%s]", s.Coin, s.Side) }

type rule struct {
	Path, Type       string
	Minimum, Maximum *float64
	Enum             []any
}

// Snapshot is a file whose every line was checked; Env and Secrets are where late references are looked up.
type Snapshot struct {
	Format, Environment, Bot string
	Experiments              []any
	Late                     []rule
	Scopes                   []scope
	Env, Secrets             map[string]string
	lines                    map[string]scope
}

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// Open checks the bytes of a snapshot that has this digest; what is late is bound when a scope is asked for.
func Open(data []byte, digest, environment, bot string) (s *Snapshot, err error) {
	defer catch(&err)
	first, rest, ends := bytes.Cut(data, []byte("\n"))
	need(ends, "TruncatedError", "the first line does not end")
	need(sum(first) == digest, "TamperedError", "the first line has another digest")
	s = &Snapshot{lines: map[string]scope{}}
	need(utf8.Valid(first) && json.Unmarshal(first, s) == nil, "FormatError", "the first line is no header")
	need(s.Format == "deskc-snapshot/1", "FormatError", "this reader reads deskc-snapshot/1")
	need(len(s.Scopes) > 0 && s.Scopes[0].key() == "[null,null]", "FormatError", "the bot's own scope is not first")
	for _, late := range s.Late {
		need(forms[late.Type] != nil, "FormatError", "the late type is unknown")
	}
	need(s.Environment == environment && s.Bot == bot, "WrongTargetError", "it is another bot's")
	for _, row := range s.Scopes {
		need(len(s.Experiments) == 0 && string(row.Arm) == "null", "ExperimentsError", "this reader knows no arms")
		need(row.Length < uint(len(rest)), "TruncatedError", "lines are missing")
		line, found := rest[:row.Length], scope{}
		need(sum(line) == row.Line_digest && rest[row.Length] == '\n', "TamperedError", "a line has another digest")
		need(utf8.Valid(line) && json.Unmarshal(line, &found) == nil, "FormatError", "a line is no scope")
		same := bytes.Equal(found.Arm, row.Arm) && bytes.Equal(found.Config_version, row.Config_version)
		need(same && found.key() == row.key(), "FormatError", "a line is of another scope than the one listed")
		s.lines[row.key()], rest = found, rest[row.Length+1:]
	}
	need(len(rest) == 0, "TamperedError", "something follows the last line")
	need(len(s.lines) == len(s.Scopes), "FormatError", "a scope is listed twice")
	return s, nil
}

// Scope returns a scope's sections, bound; the bot's own has neither coin nor side. Every number is a float64.
func (s *Snapshot) Scope(coin, side *string) (sections any, err error) {
	defer catch(&err)
	key, _ := json.Marshal([]*string{coin, side})
	found, known := s.lines[string(key)]
	need(known, "UnknownScopeError", "the snapshot has no scope "+string(key))
	need(json.Unmarshal(found.Params, &sections) == nil, "FormatError", "a line holds no sections")
	var unbound []string
	for _, late := range s.Late {
		sections = s.bound(sections, steps.FindAllString(late.Path, -1), late, &unbound)
	}
	need(len(unbound) == 0, "UnboundError", fmt.Sprint(unbound))
	return sections, nil
}

var ( // the steps of a setting's path, a.b[0]["c.d"]; a reference; what a text of each type looks like
	steps     = regexp.MustCompile(`[A-Za-z0-9_@$-]+|"(?:[^"\\]|\\.)*"`)
	reference = regexp.MustCompile(`(?s)^\$\{(?:secret:([^{}]+)|(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(:-([^{}]*))?|[^{}]*)\}$`)
	forms     = map[string]*regexp.Regexp{"string": regexp.MustCompile(``),
		"boolean": regexp.MustCompile(`^(true|false)$`), "integer": regexp.MustCompile(`^[+-]?[0-9]{1,16}$`),
		"number": regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)}
)

func (s *Snapshot) bound(value any, path []string, late rule, unbound *[]string) any {
	fields, _ := value.(map[string]any)
	items, _ := value.([]any)
	if text, is := value.(string); is && len(path) == 0 {
		return s.read(text, late, unbound)
	} else if len(path) > 0 {
		key := path[0]
		_ = json.Unmarshal([]byte(key), &key) // only a quoted one is JSON text
		if inner, there := fields[key]; there {
			fields[key] = s.bound(inner, path[1:], late, unbound)
		} else if index, err := strconv.Atoi(key); err == nil && index < len(items) {
			items[index] = s.bound(items[index], path[1:], late, unbound)
		}
	}
	return value
}

func (s *Snapshot) read(text string, late rule, unbound *[]string) (value any) {
	match := reference.FindStringSubmatch(text)
	if match == nil {
		return string(bytes.ReplaceAll([]byte(text), []byte("$${"), []byte("${")))
	}
	found, fits := s.Secrets[match[1]]
	if match[2] != "" {
		if found, fits = s.Env[match[2]]; match[3] != "" && found == "" {
			found, fits = match[4], true
		}
	}
	value = map[string]any{"boolean": found == "true", "string": found}[late.Type]
	fits = fits && forms[late.Type].MatchString(found)
	if number, err := strconv.ParseFloat(found, 64); late.Type == "integer" || late.Type == "number" {
		value, fits = number+0, fits && err == nil && (late.Type == "number" || number*number < 1<<106) // 2^53 in size
		fits = fits && (late.Minimum == nil || number >= *late.Minimum) && (late.Maximum == nil || number <= *late.Maximum)
	}
	permitted := late.Enum == nil
	for _, one := range late.Enum {
		permitted = permitted || one == value
	}
	if !fits || !permitted {
		*unbound = append(*unbound, late.Path)
	}
	return value
}
