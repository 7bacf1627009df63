using System.Collections.Immutable;
using Eos.Identity;
using Eos.Instance;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Carries out what the table of administrators' commands says: answers, refuses, or changes the configuration.</summary>
public sealed class AdminRoutine(Administer request, AdminVerdict verdict, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    /// <summary>Characters of a part of a report, so that none is too large for a message.</summary>
    private const int PartSize = 60_000;

    /// <summary>The routine for a request: one of its own, or this.</summary>
    public static Routine Of(Administer request, VirtualIdentity who, RoutineFacts facts)
    {
        var verdict = AdminTable.Decide(new AdminFacts(request, who, facts.Instance(), facts.View(), facts.Now, facts.Settings) { Users = facts.Users(), Sessions = facts.Sessions, Endpoints = facts.Endpoints() });
        return verdict is AdminVerdict.Go go ? go.Routine(facts) : new AdminRoutine(request, verdict, who, facts);
    }

    /// <summary>The part of a long report that begins at a row: records first, then lines.</summary>
    public static Report Part(Administer request, ImmutableArray<AdminRecord> records, ImmutableArray<string> lines)
    {
        var (at, room) = ((int)Math.Min(request.From, (ulong)int.MaxValue), PartSize);
        var (ownRecords, ownLines) = (ImmutableArray.CreateBuilder<AdminRecord>(), ImmutableArray.CreateBuilder<string>());
        for (; at < records.Length + lines.Length; at++)
        {
            room -= at < records.Length ? records[at].Pairs.Sum(p => p.Key.Length + p.Value.Length + 8) : lines[at - records.Length].Length + 4;
            if (room < 0 && ownRecords.Count + ownLines.Count > 0) break;
            if (at < records.Length) ownRecords.Add(records[at]);
            else ownLines.Add(lines[at - records.Length]);
        }
        return new Report(request.Head.Op, ownRecords.ToImmutable(), ownLines.ToImmutable(), at < records.Length + lines.Length ? (ulong)at : 0);
    }

    public override IEnumerable<Step> Run()
    {
        var end = verdict;
        while (end is AdminVerdict.Read or AdminVerdict.Survey or AdminVerdict.Inquire)
        {
            if (end is AdminVerdict.Inquire inquire)
            {
                yield return new Step.AskGateway(inquire.Wish);
                end = AdminVerdict.Rows(GatewayAnswer!.Records, GatewayAnswer.Lines);
            }
            else if (end is AdminVerdict.Survey survey)
            {
                yield return new Step.AskNodes(survey.Actor, survey.Message, Facts.Settings.NodePatience, survey.Enough);
                end = survey.Decide(NodeAnswers);
            }
            else if (end is AdminVerdict.Read read)
            {
                yield return new Step.AskInstance(new InstanceProtocol.ReadRows(read.Prefix));
                end = InstanceAnswer is InstanceProtocol.Rows rows ? read.Decide(rows.Values) : null;
            }
        }
        switch (end)
        {
            case AdminVerdict.Tell tell:
                Answer = Part(request, tell.Records, tell.Lines);
                break;
            case AdminVerdict.No no:
                Refuse(no.Why);
                break;
            case null:
                Answer = new Unknown(Op, "the configuration can't be read now");
                break;
            case AdminVerdict.Alter alter:
                foreach (var step in Alter(alter.Revise)) yield return step;
                if (InstanceAnswer is InstanceProtocol.Changed) Answer = new Report(Op, [], alter.Lines);
                break;
        }
    }
}
