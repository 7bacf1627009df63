using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Eos.Services;

namespace Eos.Tests.Unit.Services;

/// <summary>How an endpoint of a route is, by what it answers, and which of several is the best.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("200 OK", """{"state":"up","parts":{"master":"here"}}""", EndpointStanding.Master)]
    [InlineData("200 OK", """{"state":"up","parts":{"master":"elsewhere"}}""", EndpointStanding.Online)]
    [InlineData("200 OK", """{"state":"up","parts":{"master":7}}""", EndpointStanding.Online)]
    [InlineData("200 OK", """{"state":"up","parts":[]}""", EndpointStanding.Online)]
    [InlineData("200 OK", "[1]", EndpointStanding.Online)]
    [InlineData("200 OK", "<html>", EndpointStanding.Online)]
    [InlineData("200 OK", "", EndpointStanding.Online)]
    [InlineData("404 Not Found", "no such page", EndpointStanding.Online)]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:1/", "", EndpointStanding.Online)]
    [InlineData("503 Service Unavailable", """{"state":"starting","parts":{"master":"here"}}""", EndpointStanding.Offline)]
    public async Task An_answer_says_how_it_is(string status, string page, EndpointStanding expected) =>
        Assert.Equal(expected, await AskAsync($"HTTP/1.1 {status}\r\nContent-Length: {page.Length}\r\nConnection: close\r\n\r\n{page}", TimeSpan.FromSeconds(60)));

    [Fact]
    public async Task What_takes_the_connection_and_does_not_answer_is_offline() => Assert.Equal(EndpointStanding.Offline, await AskAsync(null, TimeSpan.FromMilliseconds(200)));

    [Fact]
    public async Task What_answers_something_that_is_no_HTTP_is_online() => Assert.Equal(EndpointStanding.Online, await AskAsync("SSH-2.0-OpenSSH_9.6\r\n", TimeSpan.FromSeconds(60)));

    [Fact]
    public async Task A_page_that_is_too_long_is_not_read() =>
        Assert.Equal(EndpointStanding.Online, await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nx", TimeSpan.FromSeconds(60)));

    [Fact]
    public void The_master_is_the_best_then_what_answers_then_what_nobody_has_asked_and_the_first_of_equals()
    {
        var all = Endpoint.Parse("a,b,c:1095,d:1096:8001");
        Assert.Equal("a:1094:8000", EndpointStandings.None.Best(all).ToString());
        var known = new EndpointStandings(ImmutableDictionary<Endpoint, EndpointStanding>.Empty.Add(all[0], EndpointStanding.Offline));
        Assert.Equal(all[1], known.Best(all));
        known = new EndpointStandings(known.Known.Add(all[2], EndpointStanding.Online).Add(all[3], EndpointStanding.Online));
        Assert.Equal(all[2], known.Best(all));
        known = new EndpointStandings(known.Known.SetItem(all[3], EndpointStanding.Master));
        Assert.Equal(all[3], known.Best(all));
        Assert.Equal(["_a:1094:8000", "b:1094:8000", "c:1095:8000", "*d:1096:8001"], all.Select(known.Marked));
    }

    /// <param name="answer">Null: none.</param>
    private static async Task<EndpointStanding> AskAsync(string? answer, TimeSpan patience)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var probe = new EndpointProbe(patience);
        var asked = probe.AskAsync(new Endpoint("127.0.0.1", 1094, ((IPEndPoint)listener.LocalEndpoint).Port));
        if (answer is null) return await asked;
        using var connection = await listener.AcceptTcpClientAsync();
        using var question = new StreamReader(connection.GetStream(), Encoding.ASCII);
        while (await question.ReadLineAsync() is { Length: > 0 }) { }
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return await asked;
    }
}
