package main // reads deskc-snapshot/1 as docs/reference/snapshot.md describes it, by the standard library alone

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
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
	Coin, Side, Arm, Config_version json.RawMessage
	Params                          json.RawMessage // of a line; the rest is of a row in the header
	Params_digest, Line_digest      string
	Length                          int
}

func (s scope) key() string { return string(s.Coin) + string(s.Side) }

// Snapshot is a file whose every line was checked; Env and Secrets are where late references are looked up.
type Snapshot struct {
	Format, Environment, Bot string
	Experiments              []any
	Floats                   []string
	Late                     []rule
	Scopes                   []scope
	Env, Secrets             map[string]string
	floats                   map[string]bool
	late                     map[string]rule
	lines                    map[string]scope
}

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// Open checks the bytes of a snapshot that has this digest; what is late is bound when a scope is asked for.
func Open(data []byte, digest, environment, bot string) (s *Snapshot, err error) {
	defer catch(&err)
	first, rest, ends := bytes.Cut(data, []byte("\n"))
	need(ends, "TruncatedError", "the first line does not end")
	need(sum(first) == digest, "TamperedError", "the first line has another digest")
	s = &Snapshot{floats: map[string]bool{}, late: map[string]rule{}, lines: map[string]scope{}}
	need(utf8.Valid(first) && json.Unmarshal(first, s) == nil, "FormatError", "the first line is no header")
	need(s.Format == "deskc-snapshot/1", "FormatError", "this reader reads deskc-snapshot/1")
	need(len(s.Scopes) > 0 && s.Scopes[0].key() == "nullnull", "FormatError", "the bot's own scope is not first")
	for _, path := range s.Floats {
		s.floats[path] = true
	}
	for _, late := range s.Late {
		need(forms[late.Type] != nil, "FormatError", "the late type is unknown")
		s.late[late.Path] = late
	}
	size := 0
	for _, row := range s.Scopes {
		need(len(s.Experiments) == 0 && string(row.Arm) == "null", "ExperimentsError", "this reader knows no arms")
		size += row.Length + 1
		need(row.Length >= 0, "FormatError", "a scope has no length")
	}
	need(len(rest) >= size, "TruncatedError", "lines are missing")
	need(len(rest) == size, "TamperedError", "something follows the last line")
	need(s.Environment == environment && s.Bot == bot, "WrongTargetError", "it is another bot's")
	for _, row := range s.Scopes {
		line := rest[:row.Length]
		need(sum(line) == row.Line_digest && rest[row.Length] == '\n', "TamperedError", "a line has another digest")
		var found scope
		need(utf8.Valid(line) && json.Unmarshal(line, &found) == nil, "FormatError", "a line is no scope")
		same := bytes.Equal(found.Arm, row.Arm) && bytes.Equal(found.Config_version, row.Config_version)
		need(same && found.key() == row.key(), "FormatError", "a line is of another scope than the one listed")
		_, twice := s.lines[row.key()]
		need(!twice, "FormatError", "a scope is listed twice")
		s.lines[row.key()], rest = found, rest[row.Length+1:]
	}
	return s, nil
}

// Scope returns a scope's sections, bound; the bot's own has neither coin nor side.
func (s *Snapshot) Scope(coin, side *string) (sections any, err error) {
	defer catch(&err)
	var asked scope
	asked.Coin, _ = json.Marshal(coin)
	asked.Side, _ = json.Marshal(side)
	found, known := s.lines[asked.key()]
	need(known, "UnknownScopeError", "the snapshot has no scope "+asked.key())
	decoder := json.NewDecoder(bytes.NewReader(found.Params))
	decoder.UseNumber()
	need(decoder.Decode(&sections) == nil, "FormatError", "a line holds no sections")
	binding := binding{snapshot: s}
	sections = binding.held(sections, "", false)
	need(len(binding.unbound) == 0, "UnboundError", fmt.Sprint(binding.unbound))
	return sections, nil
}
