package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// OpenChannel reads the snapshot that a folder's pointer names for a bot, and the commit that it names.
func OpenChannel(folder, environment, bot string) (s *Snapshot, commit string, err error) {
	defer catch(&err)
	folder = filepath.Join(folder, environment, bot)
	var said struct {
		Environment, Bot, Digest string
		Commit                   *string
		Dirty                    bool
	}
	data, failure := os.ReadFile(filepath.Join(folder, "current.json"))
	need(failure == nil, "NotFoundError", "nothing is published for this bot")
	sound := json.Unmarshal(data, &said) == nil && digestForm.MatchString(said.Digest)
	need(sound, "ChannelError", "the pointer makes no sense")
	need(said.Environment == environment && said.Bot == bot, "WrongTargetError", "the pointer is another bot's")
	need(said.Commit != nil && !said.Dirty, "DirtyError", "it was compiled from uncommitted edits")
	data, failure = os.ReadFile(filepath.Join(folder, said.Digest+".jsonl"))
	need(failure == nil, "NotFoundError", "the snapshot is not there")
	s, err = Open(data, said.Digest, environment, bot)
	return s, *said.Commit, err
}

// CheckParams compares every params digest with what trades in its line.
func (s *Snapshot) CheckParams() (err error) {
	defer catch(&err)
	for _, row := range s.Scopes {
		var sections map[string]json.RawMessage
		need(json.Unmarshal(s.lines[row.key()].Params, &sections) == nil, "FormatError", "a line holds no sections")
		var traded []string
		for _, name := range []string{"exchange", "ladder", "risk", "strategy", "trading"} {
			if section, there := sections[name]; there {
				traded = append(traded, `"`+name+`":`+string(section))
			}
		}
		same := sum([]byte("{"+strings.Join(traded, ",")+"}")) == row.Params_digest
		need(same, "TamperedError", "a params digest is another")
	}
	return nil
}

// OrderID is what a client order id holds; ParamsDigest is the first twelve digits of the whole one.
type OrderID struct {
	ParamsDigest string
	Run          int64
	Sequence     string // up to 2^56 - 1, which not every language's numbers hold
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ParseOrderID reads both spellings of a client order id.
func ParseOrderID(text string) (id OrderID, err error) {
	defer catch(&err)
	digits, length := "0123456789abcdef", 32
	if strings.HasPrefix(text, "dk") {
		digits, length = alphabet, 22
	}
	need(len(text) == 2+length && (text[:2] == "dk" || text[:2] == "0x"), "OrderIdError", "no order id of deskc")
	number, base := new(big.Int), big.NewInt(int64(len(digits)))
	digitsOf := text[2:]
	if text[:2] == "0x" {
		digitsOf = strings.ToLower(digitsOf)
	}
	for _, letter := range digitsOf {
		at := strings.IndexRune(digits, letter)
		need(at >= 0, "OrderIdError", "a character is no digit")
		number.Add(number.Mul(number, base), big.NewInt(int64(at)))
	}
	part := func(from, bits uint) *big.Int {
		mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(1))
		return mask.And(mask, new(big.Int).Rsh(number, from))
	}
	need(number.BitLen() <= 128 && part(124, 4).Int64() == 1, "OrderIdError", "another version of order ids")
	return OrderID{fmt.Sprintf("%012x", part(76, 48)), part(56, 20).Int64(), part(0, 56).String()}, nil
}
