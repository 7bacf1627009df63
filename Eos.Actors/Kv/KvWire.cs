using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// The bytes of entries, questions and answers: a number that says the kind, then its fields. Entries stand in logs and answers in the rows of
/// <see cref="Once"/>, so numbers and fields are for ever: kinds are added, never changed or used again. A field that an older member would skip must be a
/// new kind, or members would differ.
/// </summary>
public static class KvWire
{
    private static readonly Kinds<IEntry> Entries = new(
        "entry",
        [
            (1, KvEntryWire.UserCommands), (2, KvEntryWire.Once), (3, KvEntryWire.AcquireLease), (4, KvEntryWire.RenewLease), (5, KvEntryWire.AcquireBound),
            (6, KvEntryWire.ReleaseLease), (7, KvEntryWire.ClaimJournal), (8, KvEntryWire.AppendJournal), (9, KvEntryWire.TrimJournal),
            (10, KvEntryWire.PutSnapshot), (11, KvEntryWire.DropSnapshots), (12, KvEntryWire.TakeNumbers), (13, KvEntryWire.SetConfiguration),
            (14, KvEntryWire.AcquireRole), (15, KvEntryWire.ClearKeys), (16, KvEntryWire.PutPages), (17, KvEntryWire.DropPages),
        ]);

    private static readonly Kinds<IQuestion> Questions = new(
        "question",
        [
            (1, KvQuestionWire.UserReads), (2, KvQuestionWire.LookAtLeases), (3, KvQuestionWire.ReadJournal), (4, KvQuestionWire.ScanIndex),
            (5, KvQuestionWire.FindSnapshot), (6, KvQuestionWire.ReadSnapshot), (7, KvQuestionWire.ReadConfiguration), (8, KvQuestionWire.ReadPages),
            (9, KvQuestionWire.ListPages), (10, KvQuestionWire.FindLongJournals),
        ]);

    private static readonly Kinds<IAnswer> Answers = new(
        "answer",
        [
            (1, KvAnswerWire.Replies), (2, KvAnswerWire.Refused), (3, KvAnswerWire.Done), (4, KvAnswerWire.LeaseGranted), (5, KvAnswerWire.LeaseHeld),
            (6, KvAnswerWire.Leases), (7, KvAnswerWire.Claimed), (8, KvAnswerWire.JournalEvents), (9, KvAnswerWire.IndexRows),
            (10, KvAnswerWire.SnapshotFound), (11, KvAnswerWire.SnapshotBytes), (12, KvAnswerWire.NumbersTaken), (13, KvAnswerWire.ConfigurationSet),
            (14, KvAnswerWire.ConfigurationRead), (15, KvAnswerWire.NotKept), (16, KvAnswerWire.PagesRead), (17, KvAnswerWire.PageKeys),
            (18, KvAnswerWire.LongJournalsFound),
        ]);

    /// <summary>An entry within another message; an absent one asks for nothing.</summary>
    public static readonly Shape<IEntry> Entry = new(
        "kv-entry", (v, w) => w.Bytes(1, Encode(v).Span), r => r.Bytes(1) is { IsEmpty: false } bytes ? DecodeEntry(bytes) : new UserCommands([]));

    /// <summary>A question within another message; an absent one asks nothing.</summary>
    public static readonly Shape<IQuestion> Question = new(
        "kv-question", (v, w) => w.Bytes(1, Encode(v).Span), r => r.Bytes(1) is { IsEmpty: false } bytes ? DecodeQuestion(bytes) : new UserReads([]));

    /// <summary>An answer within another message.</summary>
    public static readonly Shape<IAnswer> Answer = new(
        "kv-answer", (v, w) => w.Bytes(1, Encode(v).Span), r => r.Bytes(1) is { IsEmpty: false } bytes ? DecodeAnswer(bytes) : Done.Instance);

    public static IEnumerable<Manifest> Manifests => [.. Entries.Manifests, .. Questions.Manifests, .. Answers.Manifests];

    public static ReadOnlyMemory<byte> Encode(IEntry entry) => Entries.Encode(entry, KvEntryWire.Room(entry));

    public static ReadOnlyMemory<byte> Encode(IQuestion question) => Questions.Encode(question, 128);

    public static ReadOnlyMemory<byte> Encode(IAnswer answer) => Answers.Encode(answer, 128);

    /// <summary>Reads an entry; the bytes are shared with it. A kind that this release does not know is an <see cref="UnknownKindException"/>:
    /// whoever skipped it would differ from the others for ever.</summary>
    public static IEntry DecodeEntry(ReadOnlyMemory<byte> bytes) => Entries.Decode(bytes);

    public static IQuestion DecodeQuestion(ReadOnlyMemory<byte> bytes) => Questions.Decode(bytes);

    public static IAnswer DecodeAnswer(ReadOnlyMemory<byte> bytes) => Answers.Decode(bytes);
}
